import type { Numbering, Phase, Target } from "../../load/phase.js";
import { partSamples } from "../../load/samples/part-samples.js";
import type { ArmSamples } from "../../load/samples/samples.js";
import type { Plan } from "../../model/plan.js";
import type { ScenarioPlan } from "../../model/scenario-plan.js";
import { failedRequests } from "../../metrics/errors.js";
import { describeReason } from "../../metrics/failure-reasons.js";
import { summarizeSamples, type LoadSummary } from "../../load/samples/summarize-samples.js";
import { median } from "../../stats/quantile.js";
import { formatDuration } from "../../text/format-quantity.js";
import type { ExperimentPorts } from "../experiment-ports.js";
import { autoRate, MOST_CAPACITY_REQUESTS, RATE_REQUESTS } from "../load-size.js";
import type { BlockPosition } from "../order.js";
import { closedPhase, openPhase } from "../phases.js";
import { pilotNumbering } from "../request-numbers.js";
import type { SentLoad } from "../sent-load.js";

/**
 * Closed loops that find an arm's capacity, of which the last ones count: a process that compiles while it runs is far from
 * its speed after the warm-up, and blocks meet it later.
 */
const CAPACITY_LOOPS = 5;
/** Of so many the median: one that was disturbed would put the rate of all blocks too low. */
const COUNTED_LOOPS = 3;
/** How long one of them lasts, about. */
const CAPACITY_LOOP_SECONDS = 0.4;
/** Of a slow service, each connection sends at least so many in each of them. */
const FEWEST_TURNS = 5;
/** Of a slow service, the burst length is taken from at least so many requests. */
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
 * Warms the arm up, finds its capacity, and its median latency at a share of that.
 *
 * @param allowedMs - what all of this may take, about: then it goes on with what is known
 */
export async function probeCapacity(
  sent: SentLoad,
  target: Target,
  { scenarios }: Pick<Plan, "scenarios">,
  position: BlockPosition,
  { ports, allowedMs }: { readonly ports: ExperimentPorts; readonly allowedMs: number },
): Promise<CapacityFinding> {
  const { scenario } = sent;
  const of = { scenario: scenario.name, arm: target.arm };
  const targets = [target];
  const phaseMs = SHARE_OF_PHASE * allowedMs;
  const numbering = (phase: "warm-up" | "open" | "capacity"): Numbering =>
    pilotNumbering(scenarios, scenario.name, phase, position.seed);
  const closed = async (
    name: "warm-up" | "capacity",
    size: { readonly requests: number; readonly maximumMs: number; readonly sentBefore?: number },
  ): Promise<LoadSummary[]> => {
    const { requests, maximumMs, sentBefore = 0 } = size;
    // One target: there is nothing to take turns with, and what never drains is in full swing all the time.
    const load = { requests, burstMs: Infinity, purpose: `pilot ${name}`, maximumMs };
    const { first, seed } = numbering(name);
    const phase = closedPhase(sent, targets, load, position, { first: first + sentBefore, seed });
    return summariesOf(phase, (await ports.generator.run(phase, ports.signal)).arms[0]!);
  };

  const summaries = await closed("warm-up", { requests: scenario.load.warmup, maximumMs: phaseMs });
  const warm = summaries[0]!;
  const responses = refusedResponses(summaries, sent);
  if (responses !== null) return { ...of, served: false, responses };

  const found: number[] = [];
  for (let loop = 0, sentBefore = 0; loop < CAPACITY_LOOPS; loop++) {
    const requests = capacityLoopRequests(scenario, found.at(-1) ?? warm.servedPerSecond);
    const size = { requests, maximumMs: phaseMs / CAPACITY_LOOPS, sentBefore };
    const perSecond = (await closed("capacity", size))[0]!.capacityPerSecond ?? 0;
    if (perSecond > 0) found.push(perSecond);
    sentBefore += requests;
  }
  const capacityPerSecond = found.length === 0 ? warm.servedPerSecond : median(found.slice(-COUNTED_LOOPS));

  const auto = autoRate(scenario.load, capacityPerSecond);
  const ratePerSecond = scenario.load.rate === "auto" ? auto : Math.min(scenario.load.rate, auto);
  const affordable = Math.floor((ratePerSecond * phaseMs) / 1000);
  const load = {
    ratePerSecond,
    requests: Math.min(RATE_REQUESTS, Math.max(FEWEST_RATE_REQUESTS, affordable)),
    burstMs: BURST_MS,
  };
  const atRate = openPhase(sent, targets, load, position, numbering("open"));
  const open = summarizeSamples((await ports.generator.run(atRate, ports.signal)).arms[0]!);
  const p50Us = open.measured.latencyUs?.p50 ?? 0;
  return {
    ...of,
    served: true,
    capacityPerSecond,
    p50Us,
    slow: warm.measured.errors.timeout > 0 ? slowness(warm, scenario) : null,
  };
}

function capacityLoopRequests({ load }: ScenarioPlan, perSecond: number): number {
  const lasting = Math.round(perSecond * CAPACITY_LOOP_SECONDS);
  const most = Math.floor(MOST_CAPACITY_REQUESTS / CAPACITY_LOOPS);
  return Math.min(most, Math.max(load.connections * FEWEST_TURNS, lasting));
}

/** Of the whole phase, then of each part of a mix. */
function summariesOf(phase: Phase, samples: ArmSamples): LoadSummary[] {
  return [samples, ...partSamples(phase, samples)].map(summarizeSamples);
}

/** What came back where a scenario, or a part of it, is not served; `null` where all of it is. */
export function refusedResponses(
  wholeAndParts: readonly LoadSummary[],
  { parts }: Pick<SentLoad, "parts">,
): string | null {
  const refused = wholeAndParts.findIndex(isRefused);
  if (refused < 0) return null;
  const which = refused === 0 ? "" : `, for \`${parts[refused - 1]!.name}\``;
  return `${describeResponses(wholeAndParts[refused]!)}${which}`;
}

/** Responses that come too late are those of a slow service, as long as some come in time. */
function isRefused(summary: LoadSummary): boolean {
  const { errors, requests } = summary.measured;
  const refused = failedRequests(errors) - errors.timeout;
  return requests > 0 && (refused > NOT_SERVED_SHARE * requests || inTime(summary) === 0);
}

function inTime({ measured: { errors, requests } }: LoadSummary): number {
  return requests - failedRequests(errors);
}

export function slowness(summary: LoadSummary, { load }: ScenarioPlan): string {
  return `${inTime(summary)} of ${summary.measured.requests} requests within ${formatDuration(load.timeoutMs * 1000)}`;
}

/** Reasons named in a sentence. */
const NAMED = 4;

/** What came back, by how often: "50 x 404", "3 x 200" where requests were served all the same. */
function describeResponses(summary: LoadSummary): string {
  const { reasons } = summary;
  const served = inTime(summary);
  const rest = reasons.slice(NAMED).reduce((sum, { count }) => sum + count, 0);
  return [
    ...reasons.slice(0, NAMED).map(describeReason),
    ...(rest > 0 ? [`${rest} x something else`] : []),
    ...(served > 0 ? [`${served} x as expected`] : []),
  ].join(", ");
}
