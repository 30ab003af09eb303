import type { ArmPlan, Plan, ScenarioPlan } from "../config/plan.js";
import { TailgateError } from "../error.js";
import { distrustOf } from "../load/distrust.js";
import { observe } from "../load/observe.js";
import type { GeneratorHealth } from "../load/profile.js";
import type { RunningService, Usage } from "../service/service.js";
import type { Bench } from "./bench.js";
import type { ArmObservation, Block, Distrust, Doubt, ScenarioObservation } from "./block.js";
import { isDoubt } from "./doubt.js";
import { startAll, stopAll } from "./launches.js";
import { scenarioOrder, startOrder } from "./order.js";
import { type Moment, closedPhase, openPhase, targetOf } from "./phases.js";
import type { FixedLoad, Schedule } from "./schedule.js";

/** What is gathered while a block runs. */
interface Gathered {
  readonly scenarios: Map<string, Record<string, ScenarioObservation>>;
  readonly services: RunningService[];
  readonly peakResidentBytes: Map<string, number | null>;
  readonly health: GeneratorHealth[];
  readonly distrust: Distrust[];
  readonly doubts: Doubt[];
}

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
    await measure(plan, launch.services, schedule, moment, bench, gathered);
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

async function measure(
  plan: Plan,
  services: readonly RunningService[],
  schedule: Schedule,
  moment: Moment,
  bench: Bench,
  gathered: Gathered,
): Promise<void> {
  const scenarios = scenarioOrder(plan.scenarios, moment.seed, moment.block, moment.attempt);
  const parts = scenarios.flatMap((scenario) => {
    const load = schedule.loads.find((one) => one.scenario === scenario.name)!;
    const present = services.filter((service) => load.arms.includes(service.arm));
    return present.length > 0 ? [{ scenario, load, present }] : [];
  });
  for (const { scenario, load, present } of parts) {
    await bench.generator.run(closed(scenario, load, present, moment, "warm-up"), bench.signal);
  }
  for (const { scenario, load, present } of parts) {
    await measureScenario(scenario, load, present, moment, bench, gathered);
  }
  for (const service of services) {
    gathered.peakResidentBytes.set(service.arm, (await service.usage()).peakResidentBytes);
  }
}

function closed(
  scenario: ScenarioPlan,
  load: FixedLoad,
  services: readonly RunningService[],
  moment: Moment,
  purpose: "warm-up" | "capacity",
) {
  return closedPhase(scenario, services.map(targetOf), {
    requests: purpose === "warm-up" ? load.warmupRequests : load.capacityRequests,
    burstMs: load.capacityBurstMs,
    moment,
    purpose,
  });
}

/** Latency, errors and CPU at the fixed rate, then capacity. */
async function measureScenario(
  scenario: ScenarioPlan,
  load: FixedLoad,
  services: readonly RunningService[],
  moment: Moment,
  bench: Bench,
  gathered: Gathered,
): Promise<void> {
  const readUsage = (): Promise<Usage[]> => Promise.all(services.map((service) => service.usage()));
  const phase = openPhase(scenario, services.map(targetOf), load, moment);
  const before = await readUsage();
  const open = await bench.generator.run(phase, bench.signal);
  const after = await readUsage();
  const capacity = await bench.generator.run(
    closed(scenario, load, services, moment, "capacity"),
    bench.signal,
  );

  const seen = open.arms.map((samples) => ({ samples, observation: observe(samples) }));
  gathered.health.push(open.health);
  for (const found of distrustOf(phase, seen, open.health)) {
    if (isDoubt(found)) gathered.doubts.push(found);
    else gathered.distrust.push(found);
  }
  const observations = services.map((service, index): [string, ScenarioObservation] => {
    const { observation } = seen[index]!;
    const cpuNs = difference(before[index]!.cpuNs, after[index]!.cpuNs);
    return [
      service.arm,
      {
        requests: observation.requests,
        errors: observation.errors,
        latencyUs: observation.latencyUs,
        histogram: observation.histogram,
        achievedRatePerSecond: observation.achievedRatePerSecond,
        throughputPerSecond: observe(capacity.arms[index]!).servedPerSecond,
        cpuUsPerRequest: cpuNs === null ? null : cpuNs / 1000 / observation.requests,
        cpuShareOfCore: cpuNs === null ? null : cpuNs / 1e6 / observation.activeMs,
        bytesPerResponse: observation.bytesPerResponse,
        statuses: observation.statuses,
        reconnects: observation.reconnects,
      },
    ];
  });
  const known = gathered.scenarios.get(scenario.name) ?? {};
  gathered.scenarios.set(scenario.name, { ...known, ...Object.fromEntries(observations) });
}

function difference(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : after - before;
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
      latenessP99Us: Math.max(worst.latenessP99Us, health.latenessP99Us),
      queuedWhileIdle: worst.queuedWhileIdle + health.queuedWhileIdle,
      cpuUs: worst.cpuUs + health.cpuUs,
    }),
    { busyShare: 0, latenessP99Us: 0, queuedWhileIdle: 0, cpuUs: 0 },
  );
}
