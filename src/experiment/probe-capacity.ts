import type { ScenarioPlan } from "../model/plan.js";
import { failedRequests } from "../metrics/errors.js";
import { describeReason } from "../metrics/failure-reasons.js";
import { summarizeSamples, type LoadSummary } from "../load/samples/summarize-samples.js";
import type { RunningService } from "../service/lifecycle/running-service.js";
import { formatDuration } from "../text/format-quantity.js";
import type { ExperimentPorts } from "./experiment-ports.js";
import { autoRate } from "./load-size.js";
import type { BlockPosition } from "./order.js";
import { closedPhase, openPhase, targetOf } from "./phases.js";

/** How long the closed loop lasts that finds an arm's capacity, about. */
const CAPACITY_SECONDS = 1.5;
const MOST_CAPACITY_REQUESTS = 50_000;
/** Requests at half of capacity from which the burst length is taken; of a slow service, at least the fewest. */
const RATE_REQUESTS = 200;
const FEWEST_RATE_REQUESTS = 10;
/** Each of the three phases may take this share of the time. */
const SHARE_OF_PHASE = 0.3;
/** A scenario whose responses are wrong more often than this is not served. */
const NOT_SERVED_SHARE = 0.5;
const BURST_MS = 250;

/** What the pilot found out about one scenario on one arm. */
export type CapacityFinding = { readonly scenario: string; readonly arm: string } & (
  | {
      readonly served: true;
      readonly capacityPerSecond: number;
      readonly p50Us: number;
      /** "20 of 30 requests within 5 s"; `null` where all responses came in time. */
      readonly slow: string | null;
    }
  /** `responses` says what came back instead: "50 x 404". */
  | { readonly served: false; readonly responses: string }
);

/**
 * Warms the arm up, finds its capacity, and its median latency at half of that.
 *
 * @param allowedMs - what all of this may take, about: then it goes on with what is known
 */
export async function probeCapacity(
  scenario: ScenarioPlan,
  service: RunningService,
  position: BlockPosition,
  { ports, allowedMs }: { readonly ports: ExperimentPorts; readonly allowedMs: number },
): Promise<CapacityFinding> {
  const of = { scenario: scenario.name, arm: service.arm };
  const targets = [targetOf(service)];
  const maximumMs = SHARE_OF_PHASE * allowedMs;
  const closed = async (requests: number, purpose: string): Promise<LoadSummary> => {
    const phase = closedPhase(
      scenario,
      targets,
      { requests, burstMs: BURST_MS, purpose, maximumMs },
      position,
    );
    return summarizeSamples((await ports.generator.run(phase, ports.signal)).arms[0]!);
  };

  const warm = await closed(scenario.load.warmup, "pilot warm-up");
  const { timeout } = warm.errors;
  const refused = failedRequests(warm.errors) - timeout;
  const inTime = warm.requests - refused - timeout;
  // Responses that come too late are those of a slow service, as long as some come in time.
  if (refused > NOT_SERVED_SHARE * warm.requests || inTime === 0) {
    return { ...of, served: false, responses: describeResponses(warm) };
  }

  const lasting = Math.round((warm.capacityPerSecond ?? warm.servedPerSecond) * CAPACITY_SECONDS);
  const requests = Math.min(MOST_CAPACITY_REQUESTS, Math.max(scenario.load.connections * 10, lasting));
  const found = (await closed(requests, "pilot capacity")).capacityPerSecond ?? 0;
  const capacityPerSecond = found > 0 ? found : warm.servedPerSecond;

  const wanted = scenario.load.rate === "auto" ? autoRate(capacityPerSecond) : scenario.load.rate;
  const ratePerSecond = Math.min(wanted, autoRate(capacityPerSecond));
  const affordable = Math.floor((ratePerSecond * maximumMs) / 1000);
  const load = {
    ratePerSecond,
    requests: Math.min(RATE_REQUESTS, Math.max(FEWEST_RATE_REQUESTS, affordable)),
    burstMs: BURST_MS,
  };
  const atRate = openPhase(scenario, targets, load, position);
  const open = summarizeSamples((await ports.generator.run(atRate, ports.signal)).arms[0]!);
  const p50Us = open.latencyUs?.p50 ?? 0;
  return {
    ...of,
    served: true,
    capacityPerSecond,
    p50Us,
    slow: timeout > 0 ? slowness(inTime, warm, scenario) : null,
  };
}

function slowness(inTime: number, { requests }: LoadSummary, { load }: ScenarioPlan): string {
  return `${inTime} of ${requests} requests within ${formatDuration(load.timeoutMs * 1000)}`;
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
