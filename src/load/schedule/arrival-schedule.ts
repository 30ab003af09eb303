import { seededRandom } from "../../stats/random.js";
import type { OpenPhase } from "../phase.js";

/**
 * Intended times of `count` requests of a Poisson process, in microseconds from its start, ascending. The gaps are
 * exponential with mean 1 / rate (inversion: -ln(1 - u) / rate). The same seed gives the same sequence, for every arm.
 */
export function arrivalOffsetsUs(count: number, ratePerSecond: number, seed: number): Float64Array {
  const random = seededRandom(seed, "arrivals");
  const meanGapUs = 1e6 / ratePerSecond;
  const offsets = new Float64Array(count);
  let at = 0;
  for (let i = 0; i < count; i++) {
    at -= Math.log1p(-random()) * meanGapUs;
    offsets[i] = at;
  }
  return offsets;
}

/** How long an open phase is planned to last. The drawn gaps do not average exactly to the rate. */
export function plannedMs(phase: Pick<OpenPhase, "requests" | "ratePerSecond" | "seed">): number {
  return (arrivalOffsetsUs(phase.requests, phase.ratePerSecond, phase.seed).at(-1) ?? 0) / 1000;
}

/** A run of requests `first` to `end` (exclusive) that one target gets in one turn. */
export interface Burst {
  readonly first: number;
  readonly end: number;
  /** Place of the burst's start in the arrival sequence, microseconds. */
  readonly fromUs: number;
  /** How long its arrivals go on, microseconds. */
  readonly lengthUs: number;
}

/**
 * Cuts an arrival sequence into bursts of equal length in time, so that gaps stay exponential across the cuts. A
 * stretch without any arrival is joined to the next burst; the last burst ends with its last arrival.
 */
export function cutIntoBursts(offsetsUs: Float64Array, burstMs: number): Burst[] {
  const lengthUs = burstMs * 1000;
  const bursts: Burst[] = [];
  let first = 0;
  let fromUs = 0;
  while (first < offsetsUs.length) {
    const cut = (Math.floor(offsetsUs[first]! / lengthUs) + 1) * lengthUs;
    let end = first + 1;
    while (end < offsetsUs.length && offsetsUs[end]! < cut) end++;
    const toUs = end === offsetsUs.length ? offsetsUs[end - 1]! : cut;
    bursts.push({ first, end, fromUs, lengthUs: toUs - fromUs });
    first = end;
    fromUs = toUs;
  }
  return bursts;
}
