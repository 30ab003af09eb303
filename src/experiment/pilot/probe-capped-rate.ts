import type { Target } from "../../load/phase.js";
import { summarizeSamples, type LoadSummary } from "../../load/samples/summarize-samples.js";
import { partSamples } from "../../load/samples/part-samples.js";
import type { Plan } from "../../model/plan.js";
import type { ExperimentPorts } from "../experiment-ports.js";
import { RATE_REQUESTS } from "../load-size.js";
import type { BlockPosition } from "../order.js";
import { openPhase } from "../phases.js";
import { type CapacityFinding, refusedResponses, slowness } from "./probe-capacity.js";
import { pilotNumbering } from "../request-numbers.js";
import type { SentLoad } from "../sent-load.js";

/** An arm keeps up with a rate while no more requests than this find every connection busy. */
const MOST_QUEUED = 0.2;
/** A rate so low is not lowered further. */
const LOWEST_RATE = 1;
/** Of a low rate, so many requests tell a median. */
const FEWEST_REQUESTS = 20;
const WARM_UP_SHARE = 0.3;
const RATE_SHARE = 0.2;
const BURST_MS = 500;

/**
 * For a service that runs elsewhere, whose capacity nobody may look for: the highest rate up to `maxRatePerSecond`, halved
 * as often as needed, that the arm keeps up with.
 *
 * @returns as the capacity that rate, which is all that is known of it
 */
export async function probeCappedRate(
  sent: SentLoad,
  target: Target,
  { scenarios }: Pick<Plan, "scenarios">,
  position: BlockPosition,
  limits: {
    readonly ports: ExperimentPorts;
    /** What all of this may take, about: then it goes on with what is known. */
    readonly allowedMs: number;
    readonly maxRatePerSecond: number;
  },
): Promise<CapacityFinding> {
  const { ports, allowedMs, maxRatePerSecond } = limits;
  const { scenario } = sent;
  const of = { scenario: scenario.name, arm: target.arm };
  const until = ports.nowMs() + allowedMs;
  const send = async (
    ratePerSecond: number,
    wanted: number,
    name: "warm-up" | "open",
    share: number,
  ): Promise<LoadSummary[]> => {
    const affordable = Math.floor((ratePerSecond * share * allowedMs) / 1000);
    const requests = Math.min(wanted, Math.max(FEWEST_REQUESTS, affordable));
    const numbering = pilotNumbering(scenarios, scenario.name, name, position.seed);
    const load = { ratePerSecond, requests, burstMs: BURST_MS };
    const phase = openPhase(sent, [target], load, position, numbering);
    const samples = (await ports.generator.run(phase, ports.signal)).arms[0]!;
    return [samples, ...partSamples(phase, samples)].map(summarizeSamples);
  };

  let ratePerSecond = scenario.load.rate === "auto" ? maxRatePerSecond : scenario.load.rate;
  const warm = await send(ratePerSecond, scenario.load.warmup, "warm-up", WARM_UP_SHARE);
  const responses = refusedResponses(warm, sent);
  if (responses !== null) return { ...of, served: false, responses };
  for (;;) {
    const [open] = await send(ratePerSecond, RATE_REQUESTS, "open", RATE_SHARE);
    const { queuedShare, measured } = open!;
    const keepsUp = queuedShare <= MOST_QUEUED && measured.errors.timeout === 0;
    if (keepsUp || ratePerSecond / 2 < LOWEST_RATE || ports.nowMs() >= until) {
      return {
        ...of,
        served: true,
        capacityPerSecond: ratePerSecond,
        p50Us: measured.latencyUs?.p50 ?? 0,
        slow: warm[0]!.measured.errors.timeout > 0 ? slowness(warm[0]!, scenario) : null,
      };
    }
    ratePerSecond /= 2;
  }
}
