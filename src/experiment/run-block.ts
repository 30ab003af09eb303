import type { ArmPlan, Plan } from "../model/plan.js";
import { TailgateError } from "../error.js";
import type { GeneratorHealth } from "../model/block.js";
import type { RunningService } from "../service/lifecycle/running-service.js";
import type { ExperimentPorts } from "./experiment-ports.js";
import type { Block, ValidityFailure } from "../model/block.js";
import type { ArmMeasurement } from "../metrics/measurement.js";
import { startAll, stopAll } from "./launches.js";
import { type BlockMeasurements, measureArms } from "./measure-arms.js";
import { startOrder } from "./order.js";
import type { BlockPosition } from "./phases.js";
import type { Schedule } from "../model/schedule.js";

/**
 * One launch of every arm: start all, warm up, measure in turns, stop all. A block in which an arm goes away, or the
 * measurement cannot be believed, comes back with its `distrust`.
 *
 * @throws TailgateError "revision" when a hook or the checkouts stand in the way
 */
export async function runBlock(
  plan: Plan,
  arms: readonly ArmPlan[],
  schedule: Schedule,
  moment: BlockPosition,
  bench: ExperimentPorts,
): Promise<Block> {
  const startedAt = bench.date();
  const startedMs = bench.nowMs();
  const noiseSinceStart = await bench.watchMachine();
  const order = startOrder(arms, moment.seed, moment.block, moment.attempt);
  const gathered: BlockMeasurements = {
    scenarios: new Map(),
    services: [],
    peakResidentBytes: new Map(),
    health: [],
    distrust: [],
    doubts: [],
  };

  await bench.verifyCheckouts();
  await bench.reset(arms);
  for (const group of schedule.sideBySide ? [order] : order.map((arm) => [arm])) {
    await runGroup(plan, group, schedule, moment, bench, gathered);
  }

  return {
    index: moment.block,
    attempt: moment.attempt,
    seed: moment.seed,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(bench.nowMs() - startedMs),
    startOrder: order.map((arm) => arm.name),
    arms: Object.fromEntries(
      gathered.services.map((service) => [service.arm, armObservation(service, gathered, bench, moment)]),
    ),
    generator: worstHealth(gathered.health),
    machine: await noiseSinceStart(),
    distrust: gathered.distrust,
    doubts: gathered.doubts,
  };
}

/** Arms that run side by side: all of them, or one where they cannot. */
async function runGroup(
  plan: Plan,
  group: readonly ArmPlan[],
  schedule: Schedule,
  moment: BlockPosition,
  bench: ExperimentPorts,
  gathered: BlockMeasurements,
): Promise<void> {
  const launch = await startAll(group, moment.block, bench);
  if (!launch.ok) {
    gathered.distrust.push(
      ...launch.failures.map(({ arm, error }): ValidityFailure => ({
        kind: "arm-gone",
        arm,
        reason: error.message,
      })),
    );
    return;
  }
  gathered.services.push(...launch.services);
  try {
    await measureArms(plan, launch.services, schedule, moment, bench, gathered);
    await check(launch.services, gathered);
  } catch (error) {
    // The load room reports a target that is gone as a `load` error; which arm it was, and why, its process tells.
    if (!(error instanceof TailgateError) || error.code !== "load" || bench.signal.aborted) throw error;
    const before = gathered.distrust.length;
    await check(launch.services, gathered);
    if (gathered.distrust.length === before) {
      gathered.distrust.push({
        kind: "arm-gone",
        arm: group.map((arm) => arm.name).join(", "),
        reason: error.message,
      });
    }
  } finally {
    await bench.generator.disconnect();
    await stopAll(launch.services);
  }
}

/** Whether every arm is still there, and still the one that answers on its port. */
async function check(services: readonly RunningService[], gathered: BlockMeasurements): Promise<void> {
  for (const service of services) {
    const { alive, ownsPort, reason } = await service.health();
    const why = reason ?? "its process ended";
    if (!alive) gathered.distrust.push({ kind: "arm-gone", arm: service.arm, reason: why });
    else if (!ownsPort) gathered.distrust.push({ kind: "foreign-listener", arm: service.arm, reason: why });
  }
}

function armObservation(
  service: RunningService,
  gathered: BlockMeasurements,
  bench: ExperimentPorts,
  moment: BlockPosition,
): ArmMeasurement {
  const own = [...gathered.scenarios].flatMap(([scenario, arms]) => {
    const observation = arms[service.arm];
    return observation ? [[scenario, observation] as const] : [];
  });
  return {
    port: service.port,
    startedInMs: service.startedInMs,
    processors: bench.processorsOf(service.arm, moment.block),
    peakResidentBytes: gathered.peakResidentBytes.get(service.arm) ?? null,
    scenarios: Object.fromEntries(own),
  };
}

/** The worst of all phases at the fixed rate: what the block's trust rests on. */
function worstHealth(phases: readonly GeneratorHealth[]): GeneratorHealth {
  return phases.reduce<GeneratorHealth>(
    (worst, health) => ({
      busyShare: Math.max(worst.busyShare, health.busyShare),
      latenessP50Us: Math.max(worst.latenessP50Us, health.latenessP50Us),
      latenessP99Us: Math.max(worst.latenessP99Us, health.latenessP99Us),
      queuedWhileIdle: worst.queuedWhileIdle + health.queuedWhileIdle,
      cpuUs: worst.cpuUs + health.cpuUs,
    }),
    { busyShare: 0, latenessP50Us: 0, latenessP99Us: 0, queuedWhileIdle: 0, cpuUs: 0 },
  );
}
