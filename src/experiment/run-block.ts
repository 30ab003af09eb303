import type { ArmPlan, Plan } from "../config/plan.js";
import { TailgateError } from "../error.js";
import type { GeneratorHealth } from "../load/profile.js";
import type { RunningService } from "../service/service.js";
import type { Bench } from "./bench.js";
import type { ArmObservation, Block, Distrust } from "./block.js";
import { startAll, stopAll } from "./launches.js";
import { type Gathered, measureArms } from "./measure-arms.js";
import { startOrder } from "./order.js";
import type { Moment } from "./phases.js";
import type { Schedule } from "./schedule.js";

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
  moment: Moment,
  bench: Bench,
): Promise<Block> {
  const startedAt = bench.date();
  const startedMs = bench.nowMs();
  const noiseSinceStart = await bench.watchMachine();
  const order = startOrder(arms, moment.seed, moment.block, moment.attempt);
  const gathered: Gathered = {
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
  moment: Moment,
  bench: Bench,
  gathered: Gathered,
): Promise<void> {
  const launch = await startAll(group, moment.block, bench);
  if (!launch.ok) {
    gathered.distrust.push(
      ...launch.failures.map(({ arm, error }): Distrust => ({
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
async function check(services: readonly RunningService[], gathered: Gathered): Promise<void> {
  for (const service of services) {
    const { alive, ownsPort, reason } = await service.health();
    const why = reason ?? "its process ended";
    if (!alive) gathered.distrust.push({ kind: "arm-gone", arm: service.arm, reason: why });
    else if (!ownsPort) gathered.distrust.push({ kind: "foreign-listener", arm: service.arm, reason: why });
  }
}

function armObservation(
  service: RunningService,
  gathered: Gathered,
  bench: Bench,
  moment: Moment,
): ArmObservation {
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
