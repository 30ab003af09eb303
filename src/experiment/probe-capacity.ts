import type { ScenarioPlan } from "../model/plan.js";
import { summarizeSamples } from "../load/samples/summarize-samples.js";
import type { ArmSamples } from "../load/samples/samples.js";
import type { RunningService } from "../service/lifecycle/running-service.js";
import type { ErrorCounts } from "../metrics/measurement.js";
import type { ExperimentPorts } from "./experiment-ports.js";
import { autoRate } from "./load-size.js";
import { type BlockPosition, closedPhase, openPhase, targetOf } from "./phases.js";

/** Closed loop is kept up for about this long to find an arm's capacity. */
const CAPACITY_SECONDS = 1.5;
const MOST_CAPACITY_REQUESTS = 50_000;
/** Requests at half of capacity from which the burst length is taken. */
const RATE_REQUESTS = 200;
/** A scenario that fails more often than this is not served. */
const NOT_SERVED_SHARE = 0.5;
const BURST_MS = 250;

/** What the pilot learnt of one scenario on one arm. */
export type CapacityFinding = { readonly scenario: string; readonly arm: string } & (
  | { readonly served: true; readonly capacityPerSecond: number; readonly p50Us: number }
  /** `answers` says in words what came back instead. */
  | { readonly served: false; readonly answers: string }
);

/** Warms the arm up, finds its capacity, and its median latency at half of that. */
export async function probeCapacity(
  scenario: ScenarioPlan,
  service: RunningService,
  moment: BlockPosition,
  bench: ExperimentPorts,
): Promise<CapacityFinding> {
  const of = { scenario: scenario.name, arm: service.arm };
  const targets = [targetOf(service)];
  const closed = async (requests: number, purpose: string): Promise<ArmSamples> => {
    const phase = closedPhase(scenario, targets, { requests, burstMs: BURST_MS, moment, purpose });
    return (await bench.generator.run(phase, bench.signal)).arms[0]!;
  };

  const warm = summarizeSamples(await closed(scenario.load.warmup, "pilot warm-up"));
  const failed = Object.values(warm.errors).reduce((sum, count) => sum + count, 0);
  if (failed > NOT_SERVED_SHARE * warm.requests) {
    return { ...of, served: false, answers: inWords(warm.statuses, warm.errors) };
  }

  const lasting = Math.round(warm.servedPerSecond * CAPACITY_SECONDS);
  const requests = Math.min(MOST_CAPACITY_REQUESTS, Math.max(scenario.load.connections * 10, lasting));
  const capacityPerSecond = summarizeSamples(await closed(requests, "pilot capacity")).servedPerSecond;

  const ratePerSecond = scenario.load.rate === "auto" ? autoRate(capacityPerSecond) : scenario.load.rate;
  const atRate = openPhase(
    scenario,
    targets,
    {
      ratePerSecond: Math.min(ratePerSecond, autoRate(capacityPerSecond)),
      requests: RATE_REQUESTS,
      burstMs: BURST_MS,
    },
    moment,
  );
  const open = summarizeSamples((await bench.generator.run(atRate, bench.signal)).arms[0]!);
  return { ...of, served: true, capacityPerSecond, p50Us: open.latencyUs?.p50 ?? 0 };
}

function inWords(statuses: Readonly<Record<string, number>>, errors: ErrorCounts): string {
  const parts = Object.entries(statuses).map(([status, count]) => `status ${status} ${count} times`);
  if (errors.timeout > 0) parts.push(`no answer in time ${errors.timeout} times`);
  if (errors.connection > 0) parts.push(`a broken connection ${errors.connection} times`);
  if (errors.body > 0) parts.push(`a body that is not what \`expect\` says ${errors.body} times`);
  return parts.join(", ");
}
