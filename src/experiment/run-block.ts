import { TailgateError } from "../error.js";
import { GeneratorGone } from "../load/generator/generator-gone.js";
import type { Block } from "../model/block.js";
import type { ArmPlan } from "../model/plan.js";
import { armInBlock, worstHealth, type BlockMeasurements, type MeasuredArm } from "./block-measurements.js";
import type { Experiment } from "./experiment.js";
import { startAll, stopAll } from "./launches.js";
import { measureArms } from "./measure-arms.js";
import { targetOf } from "./phases.js";
import { startOrder, type BlockPosition } from "./order.js";

/**
 * One launch of every arm: start all, warm up, measure in turns, stop all. A block in which an arm goes away, or whose
 * numbers cannot be believed, comes back with its validity failures.
 *
 * @throws TailgateError "revision" when a hook or the checkouts stand in the way
 */
export async function runBlock(experiment: Experiment, position: BlockPosition): Promise<Block> {
  const { arms, schedule, ports } = experiment;
  const startedAt = ports.date();
  const startedMs = ports.nowMs();
  const stopNoise = await ports.probes.machine.start();
  const order = startOrder(arms, position);
  const gathered: BlockMeasurements = { arms: [], health: [], failures: [], warnings: [] };

  ports.requireRoom();
  await ports.reset(arms);
  for (const group of schedule.sideBySide ? [order] : order.map((arm) => [arm])) {
    await runGroup(experiment, group, position, gathered);
  }

  return {
    index: position.block,
    attempt: position.attempt,
    seed: position.seed,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(ports.nowMs() - startedMs),
    startOrder: order.map((arm) => arm.name),
    arms: Object.fromEntries(gathered.arms.map((arm) => [arm.service.arm, armInBlock(arm)])),
    generator: worstHealth(gathered.health),
    machine: await stopNoise(),
    distrust: gathered.failures,
    doubts: gathered.warnings,
  };
}

/** Arms that run side by side: all of them, or one where they cannot. */
async function runGroup(
  experiment: Experiment,
  group: readonly ArmPlan[],
  position: BlockPosition,
  gathered: BlockMeasurements,
): Promise<void> {
  const { ports } = experiment;
  const launch = await startAll(group, position.block, ports);
  if (!launch.ok) {
    for (const { arm, error } of launch.failures) {
      gathered.failures.push({ kind: "arm-gone", arm, reason: error.message });
    }
    return;
  }
  const arms = launch.services.map((service): MeasuredArm => {
    return { service, scenarios: new Map(), target: targetOf(service), peakResidentBytes: null };
  });
  gathered.arms.push(...arms);
  try {
    await measureArms(experiment, arms, position, gathered);
    await checkArms(arms, gathered);
  } catch (error) {
    if (error instanceof GeneratorGone) {
      gathered.failures.push({ kind: "generator-gone", reason: error.how });
      return;
    }
    // The load room reports a target that is gone as a `load` error. Its process tells which arm it was, and why.
    if (!(error instanceof TailgateError) || error.code !== "load" || ports.signal.aborted) throw error;
    const before = gathered.failures.length;
    await checkArms(arms, gathered);
    if (gathered.failures.length === before) {
      const names = group.map((arm) => arm.name).join(", ");
      gathered.failures.push({ kind: "arm-gone", arm: names, reason: error.message });
    }
  } finally {
    await ports.generator.disconnect();
    await stopAll(launch.services);
  }
}

/** Whether every arm is still there, and still the one that listens on its port. */
async function checkArms(arms: readonly MeasuredArm[], gathered: BlockMeasurements): Promise<void> {
  for (const { service } of arms) {
    const { alive, ownsPort, reason } = await service.health();
    const why = reason ?? "its process ended";
    if (!alive) gathered.failures.push({ kind: "arm-gone", arm: service.arm, reason: why });
    else if (!ownsPort) gathered.failures.push({ kind: "foreign-listener", arm: service.arm, reason: why });
  }
}
