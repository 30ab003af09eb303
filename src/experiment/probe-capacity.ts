import type { ScenarioPlan } from "../model/plan.js";
import { failedRequests } from "../metrics/errors.js";
import { describeReason } from "../metrics/failure-reasons.js";
import { summarizeSamples, type LoadSummary } from "../load/samples/summarize-samples.js";
import type { ArmSamples } from "../load/samples/samples.js";
import type { RunningService } from "../service/lifecycle/running-service.js";
import type { ExperimentPorts } from "./experiment-ports.js";
import { autoRate } from "./load-size.js";
import type { BlockPosition } from "./order.js";
import { closedPhase, openPhase, targetOf } from "./phases.js";

/** How long the closed loop lasts that finds an arm's capacity, about. */
const CAPACITY_SECONDS = 1.5;
const MOST_CAPACITY_REQUESTS = 50_000;
/** Requests at half of capacity from which the burst length is taken. */
const RATE_REQUESTS = 200;
/** A scenario that fails more often than this is not served. */
const NOT_SERVED_SHARE = 0.5;
const BURST_MS = 250;

/** What the pilot found out about one scenario on one arm. */
export type CapacityFinding = { readonly scenario: string; readonly arm: string } & (
  | { readonly served: true; readonly capacityPerSecond: number; readonly p50Us: number }
  /** `responses` says what came back instead: "50 x 404". */
  | { readonly served: false; readonly responses: string }
);

/** Warms the arm up, finds its capacity, and its median latency at half of that. */
export async function probeCapacity(
  scenario: ScenarioPlan,
  service: RunningService,
  position: BlockPosition,
  ports: ExperimentPorts,
): Promise<CapacityFinding> {
  const of = { scenario: scenario.name, arm: service.arm };
  const targets = [targetOf(service)];
  const closed = async (requests: number, purpose: string): Promise<ArmSamples> => {
    const phase = closedPhase(scenario, targets, { requests, burstMs: BURST_MS, purpose }, position);
    return (await ports.generator.run(phase, ports.signal)).arms[0]!;
  };

  const warm = summarizeSamples(await closed(scenario.load.warmup, "pilot warm-up"));
  if (failedRequests(warm.errors) > NOT_SERVED_SHARE * warm.requests) {
    return { ...of, served: false, responses: describeResponses(warm) };
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
    position,
  );
  const open = summarizeSamples((await ports.generator.run(atRate, ports.signal)).arms[0]!);
  return { ...of, served: true, capacityPerSecond, p50Us: open.latencyUs?.p50 ?? 0 };
}

/** Reasons named in a sentence. */
const NAMED = 4;

/** What came back, by how often: "50 x 404", "3 x 200" where requests were served all the same. */
function describeResponses({ reasons, errors, requests }: LoadSummary): string {
  const served = requests - failedRequests(errors);
  const rest = reasons.slice(NAMED).reduce((sum, { count }) => sum + count, 0);
  return [
    ...reasons.slice(0, NAMED).map(describeReason),
    ...(rest > 0 ? [`${rest} x something else`] : []),
    ...(served > 0 ? [`${served} x as expected`] : []),
  ].join(", ");
}
