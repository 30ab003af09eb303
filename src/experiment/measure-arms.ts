import type { OpenPhase, Phase, PhaseResult } from "../load/phase.js";
import { summarizeSamples } from "../load/samples/summarize-samples.js";
import { checkValidity } from "../load/samples/validity-checks.js";
import type { GeneratorHealth } from "../model/block.js";
import type { ScenarioPlan } from "../model/plan.js";
import type { FixedLoad } from "../model/schedule.js";
import { withProbes, type Probe } from "../probes/probe.js";
import type { UsageReading } from "../probes/usage.js";
import type { BlockMeasurements, MeasuredArm } from "./block-measurements.js";
import type { ExperimentPorts } from "./experiment-ports.js";
import type { Experiment } from "./experiment.js";
import { scenarioOrder, type BlockPosition } from "./order.js";
import { closedPhase, openPhase, targetOf } from "./phases.js";
import { type MeasuredPhase, scenarioMeasurement } from "./scenario-measurement.js";
import { isValidityWarning } from "./validity-warnings.js";

/** One scenario, and those of the running arms that it is measured on. */
interface ScenarioLoad {
  readonly scenario: ScenarioPlan;
  readonly load: FixedLoad;
  readonly arms: readonly MeasuredArm[];
}

/** Warms every arm up with every scenario, then measures one scenario after the other, all arms in turns. */
export async function measureArms(
  { plan, schedule, ports }: Experiment,
  arms: readonly MeasuredArm[],
  position: BlockPosition,
  gathered: BlockMeasurements,
): Promise<void> {
  const parts = scenarioOrder(plan.scenarios, position).flatMap((scenario): ScenarioLoad[] => {
    const load = schedule.loads.find((one) => one.scenario === scenario.name)!;
    const present = arms.filter(({ service }) => load.arms.includes(service.arm));
    return present.length > 0 ? [{ scenario, load, arms: present }] : [];
  });
  const { readings } = await withProbes(usageOf(arms, ports), async () => {
    for (const part of parts) {
      await ports.generator.run(closed(part, part.load.warmupRequests, "warm-up", position), ports.signal);
    }
    for (const part of parts) await measureScenario(part, position, ports, gathered);
  });
  arms.forEach((arm, index) => {
    arm.peakResidentBytes = readings[index]!.peakResidentBytes;
  });
}

function usageOf(arms: readonly MeasuredArm[], { probes }: ExperimentPorts): Probe<UsageReading>[] {
  return arms.map(({ service }) => probes.usageOf(service));
}

function closed(
  { scenario, load, arms }: ScenarioLoad,
  requests: number,
  purpose: string,
  position: BlockPosition,
): Phase {
  const targets = arms.map(({ service }) => targetOf(service));
  return closedPhase(scenario, targets, { requests, burstMs: load.capacityBurstMs, purpose }, position);
}

/** Latency, errors and CPU at the fixed rate, then capacity. */
async function measureScenario(
  part: ScenarioLoad,
  position: BlockPosition,
  ports: ExperimentPorts,
  gathered: BlockMeasurements,
): Promise<void> {
  const { scenario, load, arms } = part;
  const open = openPhase(
    scenario,
    arms.map(({ service }) => targetOf(service)),
    load,
    position,
  );
  const atRate = await measurePhase(open, arms, ports);
  const atCapacity = await measurePhase(
    closed(part, load.capacityRequests, "capacity", position),
    arms,
    ports,
  );

  noteValidity(open, atRate, gathered);
  arms.forEach((arm, index) => {
    arm.scenarios.set(scenario.name, scenarioMeasurement(atRate.arms[index]!, atCapacity.arms[index]!));
  });
}

interface PhaseOfArms {
  readonly arms: readonly MeasuredPhase[];
  readonly health: GeneratorHealth;
}

async function measurePhase(
  phase: Phase,
  arms: readonly MeasuredArm[],
  ports: ExperimentPorts,
): Promise<PhaseOfArms> {
  const { result, readings } = await withProbes<PhaseResult, UsageReading>(usageOf(arms, ports), () =>
    ports.generator.run(phase, ports.signal),
  );
  return {
    arms: result.arms.map((samples, index) => ({
      load: summarizeSamples(samples),
      usage: readings[index]!,
    })),
    health: result.health,
  };
}

function noteValidity(phase: OpenPhase, { arms, health }: PhaseOfArms, gathered: BlockMeasurements): void {
  gathered.health.push(health);
  const summaries = arms.map(({ load }) => load);
  for (const failure of checkValidity(phase, summaries, health)) {
    if (isValidityWarning(failure)) gathered.warnings.push(failure);
    else gathered.failures.push(failure);
  }
}
