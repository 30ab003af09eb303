import type { Numbering, OpenPhase, Phase, PhaseResult } from "../load/phase.js";
import { partSamples } from "../load/samples/part-samples.js";
import { summarizeSamples, type LoadSummary } from "../load/samples/summarize-samples.js";
import { checkValidity } from "../load/samples/validity-checks.js";
import type { GeneratorHealth } from "../model/block.js";
import type { FixedLoad } from "../model/schedule.js";
import { withProbes, type Probe } from "../probes/probe.js";
import type { UsageReading } from "../probes/usage.js";
import type { BlockMeasurements, MeasuredArm } from "./block-measurements.js";
import type { ExperimentPorts } from "./experiment-ports.js";
import type { Experiment } from "./experiment.js";
import { scenarioOrder, type BlockPosition } from "./order.js";
import { loggedIn } from "./logged-in.js";
import { closedPhase, openPhase } from "./phases.js";
import { blockNumbering } from "./request-numbers.js";
import { type MeasuredPhase, scenarioMeasurement } from "./scenario-measurement.js";
import { type SentLoad, sentLoads } from "./sent-load.js";
import { isValidityWarning } from "./validity-warnings.js";

/** What is sent by itself, and those of the running arms that it is measured on. */
interface MeasuredLoad {
  readonly sent: SentLoad;
  readonly load: FixedLoad;
  readonly arms: readonly MeasuredArm[];
}

/** Logs in, warms every arm up with every scenario, then measures one scenario after the other, all arms in turns. */
export async function measureArms(
  experiment: Experiment,
  arms: readonly MeasuredArm[],
  position: BlockPosition,
  gathered: BlockMeasurements,
): Promise<void> {
  const { plan, schedule, ports, open = plan.scenarios } = experiment;
  for (const arm of arms) arm.target = await loggedIn(plan, arm.service, ports);
  const loads = scenarioOrder(sentLoads(open), position).flatMap((sent): MeasuredLoad[] => {
    const load = schedule.loads.find((one) => one.scenario === sent.scenario.name)!;
    const present = arms.filter(({ service }) => load.arms.includes(service.arm));
    return present.length > 0 ? [{ sent, load, arms: present }] : [];
  });
  const phases = { experiment, position };
  const { readings } = await withProbes(usageOf(arms, ports), async () => {
    for (const load of loads) {
      await ports.generator.run(warmUp(load, phases), ports.signal);
    }
    for (const load of loads) await measureScenario(load, phases, gathered);
  });
  arms.forEach((arm, index) => {
    arm.peakResidentBytes = readings[index]!.peakResidentBytes;
  });
}

/** What the phases of a block depend on beside their load. */
interface PhaseSources {
  readonly experiment: Experiment;
  readonly position: BlockPosition;
}

function usageOf(arms: readonly MeasuredArm[], { probes }: ExperimentPorts): Probe<UsageReading>[] {
  return arms.map(({ service }) => probes.usageOf(service));
}

function numbering(
  { sent }: MeasuredLoad,
  phase: "warm-up" | "open" | "capacity",
  { experiment: { plan, schedule }, position }: PhaseSources,
): Numbering {
  return blockNumbering(plan.scenarios, schedule.loads, sent.scenario.name, phase, position);
}

function closed(
  measured: MeasuredLoad,
  requests: number,
  purpose: "warm-up" | "capacity",
  sources: PhaseSources,
): Phase {
  const { sent, load, arms } = measured;
  const targets = arms.map(({ target }) => target);
  const size = { requests, burstMs: load.capacityBurstMs, purpose };
  return closedPhase(sent, targets, size, sources.position, numbering(measured, purpose, sources));
}

/** Every connection busy; a service elsewhere is never sent more than the fixed rate. */
function warmUp(measured: MeasuredLoad, sources: PhaseSources): Phase {
  const { sent, load, arms } = measured;
  const { warmupRequests } = load;
  if (sources.experiment.plan.deployments === undefined) {
    return closed(measured, warmupRequests, "warm-up", sources);
  }
  const targets = arms.map(({ target }) => target);
  const size = { ...load, requests: warmupRequests };
  return openPhase(sent, targets, size, sources.position, numbering(measured, "warm-up", sources));
}

/**
 * Capacity where that may be looked for, then latency, errors and CPU at the fixed rate: in this order, because a process
 * that compiles while it runs serves many more requests in a closed loop, and is at its lasting speed afterwards.
 */
async function measureScenario(
  measured: MeasuredLoad,
  sources: PhaseSources,
  gathered: BlockMeasurements,
): Promise<void> {
  const { sent, load, arms } = measured;
  const { plan, ports } = sources.experiment;
  const targets = arms.map(({ target }) => target);
  const atCapacity =
    plan.deployments === undefined
      ? await measurePhase(closed(measured, load.capacityRequests, "capacity", sources), arms, ports)
      : null;
  const open = openPhase(sent, targets, load, sources.position, numbering(measured, "open", sources));
  const atRate = await measurePhase(open, arms, ports);

  noteValidity(open, atRate, gathered);
  arms.forEach(({ scenarios }, index) => {
    const { parts, ...whole } = atRate.arms[index]!;
    scenarios.set(sent.scenario.name, scenarioMeasurement(whole, atCapacity?.arms[index] ?? null));
    // A part of a mix has no throughput and no CPU of its own: those are the whole's.
    sent.parts.forEach(({ name }, part) => scenarios.set(name, parts[part]!.measured));
  });
}

interface PhaseOfArms {
  readonly arms: readonly (MeasuredPhase & { readonly parts: readonly LoadSummary[] })[];
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
      parts: partSamples(phase, samples).map(summarizeSamples),
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
