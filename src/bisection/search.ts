import type { Evidence } from "./evidence.js";
import { posterior, type Step } from "./posterior.js";

/** Commits that cannot be told apart: those that cannot be tested, and the next one that can. Places from 1. */
export interface Suspect {
  readonly first: number;
  readonly last: number;
  /** Probability that one of them made it slower. */
  readonly confidence: number;
}

/** What is to be done next. */
export type NextStep =
  | { readonly do: "measure"; readonly place: number }
  | {
      readonly do: "stop";
      readonly why: "found" | "steps" | "not-slower" | "no-measurement";
      readonly suspect: Suspect;
    };

export interface SearchLimits {
  /** Stops as soon as it is this sure. */
  readonly confidence: number;
  readonly mostSteps: number;
}

/** So many runs in a row that say nothing mean that none will. */
const MOST_FAILURES = 3;
/** Bad is compared with good so often at first, until it is clearly worse. */
const MOST_FIRST = 3;

/**
 * What to measure next: bad itself first, so that there is something to find; then the commit that divides what is left
 * into halves of equal probability. A commit may be measured several times: noise is outvoted, and never sends the search
 * the wrong way for good. Pure: everything follows from the steps so far.
 *
 * @param commits - how many there are after good
 */
export function nextStep(commits: number, steps: readonly Step[], limits: SearchLimits): NextStep {
  const beliefs = posterior(commits, steps);
  const suspect = likeliest(beliefs, untestable(steps));
  const stop = (why: Extract<NextStep, { do: "stop" }>["why"]): NextStep => ({ do: "stop", why, suspect });
  const recent = steps.slice(-MOST_FAILURES);
  if (recent.length === MOST_FAILURES && recent.every(({ evidence }) => evidence.kind === "failed")) {
    return stop("no-measurement");
  }
  const ofBad = steps.filter(({ place, evidence }) => place === commits && isSaying(evidence));
  if (steps.some(({ place, evidence }) => place === commits && evidence.kind === "untestable"))
    return stop("no-measurement");
  if (!isClearlyWorse(ofBad)) {
    return ofBad.length >= MOST_FIRST ? stop("not-slower") : { do: "measure", place: commits };
  }
  if (suspect.confidence >= limits.confidence) return stop("found");
  if (steps.length >= limits.mostSteps) return stop("steps");
  return { do: "measure", place: halving(beliefs, untestable(steps)) };
}

/** The testable commit at which the probability of those up to it is nearest to a half. */
function halving(beliefs: readonly number[], skipped: ReadonlySet<number>): number {
  let best = beliefs.length;
  let distance = Infinity;
  let before = 0;
  for (const [index, belief] of beliefs.entries()) {
    before += belief;
    const place = index + 1;
    const off = Math.abs(before - 0.5);
    if (!skipped.has(place) && off < distance && place < beliefs.length) [best, distance] = [place, off];
  }
  return best;
}

/** Of the groups of commits that can be told apart, the likeliest. */
function likeliest(beliefs: readonly number[], skipped: ReadonlySet<number>): Suspect {
  let best: Suspect = { first: 1, last: beliefs.length, confidence: 0 };
  let first = 1;
  let confidence = 0;
  for (const [index, belief] of beliefs.entries()) {
    const place = index + 1;
    confidence += belief;
    if (skipped.has(place)) continue;
    if (confidence > best.confidence) best = { first, last: place, confidence };
    first = place + 1;
    confidence = 0;
  }
  return best;
}

function untestable(steps: readonly Step[]): ReadonlySet<number> {
  return new Set(steps.filter(({ evidence }) => evidence.kind === "untestable").map(({ place }) => place));
}

function isSaying({ kind }: Evidence): boolean {
  return kind === "measured" || kind === "broken";
}

/** Whether all comparisons of bad together leave no doubt: 2.6 standard errors are a chance of 1 in 200. */
function isClearlyWorse(ofBad: readonly Step[]): boolean {
  let sum = 0;
  let weight = 0;
  for (const { evidence } of ofBad) {
    if (evidence.kind === "broken") return true;
    if (evidence.kind !== "measured") continue;
    sum += evidence.worsening / evidence.error ** 2;
    weight += 1 / evidence.error ** 2;
  }
  return weight > 0 && sum / Math.sqrt(weight) > 2.6;
}
