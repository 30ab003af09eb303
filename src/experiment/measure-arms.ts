import type { Plan, ScenarioPlan } from "../model/plan.js";
import { checkValidity } from "../load/samples/validity-checks.js";
import { summarizeSamples } from "../load/samples/summarize-samples.js";
import type { Phase } from "../load/phase.js";
import type { GeneratorHealth } from "../model/block.js";
import type { RunningService, Usage } from "../service/lifecycle/running-service.js";
import type { ExperimentPorts } from "./experiment-ports.js";
import type { ValidityFailure, ValidityWarning } from "../model/block.js";
import type { ScenarioMeasurement } from "../metrics/measurement.js";
import { isValidityWarning } from "./validity-warnings.js";
import { scenarioOrder } from "./order.js";
import { type BlockPosition, closedPhase, openPhase, targetOf } from "./phases.js";
import type { FixedLoad, Schedule } from "../model/schedule.js";

/** What is gathered while a block runs. */
export interface BlockMeasurements {
  readonly scenarios: Map<string, Record<string, ScenarioMeasurement>>;
  readonly services: RunningService[];
  readonly peakResidentBytes: Map<string, number | null>;
  readonly health: GeneratorHealth[];
  readonly distrust: ValidityFailure[];
  readonly doubts: ValidityWarning[];
}

/** Warms every arm up with every scenario, then measures one scenario after the other, all arms in turns. */
export async function measureArms(
  plan: Plan,
  services: readonly RunningService[],
  schedule: Schedule,
  moment: BlockPosition,
  bench: ExperimentPorts,
  gathered: BlockMeasurements,
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
  moment: BlockPosition,
  purpose: "warm-up" | "capacity",
): Phase {
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
  moment: BlockPosition,
  bench: ExperimentPorts,
  gathered: BlockMeasurements,
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
  const afterCapacity = await readUsage();

  const seen = open.arms.map((samples) => ({ samples, observation: summarizeSamples(samples) }));
  gathered.health.push(open.health);
  for (const found of checkValidity(phase, seen, open.health)) {
    if (isValidityWarning(found)) gathered.doubts.push(found);
    else gathered.distrust.push(found);
  }
  const observations = services.map((service, index): [string, ScenarioMeasurement] => {
    const { observation } = seen[index]!;
    const cpuNs = difference(before[index]!.cpuNs, after[index]!.cpuNs);
    const capacityCpuNs = difference(after[index]!.cpuNs, afterCapacity[index]!.cpuNs);
    const atCapacity = summarizeSamples(capacity.arms[index]!);
    return [
      service.arm,
      {
        requests: observation.requests,
        errors: observation.errors,
        latencyUs: observation.latencyUs,
        histogram: observation.histogram,
        achievedRatePerSecond: observation.achievedRatePerSecond,
        throughputPerSecond: atCapacity.servedPerSecond,
        cpuUsPerRequest: cpuNs === null ? null : cpuNs / 1000 / observation.requests,
        cpuShareOfCore: cpuNs === null ? null : cpuNs / 1e6 / observation.activeMs,
        cpuShareOfCoreAtCapacity: capacityCpuNs === null ? null : capacityCpuNs / 1e6 / atCapacity.activeMs,
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
