import { locate } from "../stats/location.js";
import { sharedVariances } from "../stats/shared-variance.js";
import { tQuantile } from "../stats/student-t.js";
import type { ComparedProfiles } from "./compared-profiles.js";
import { mean, sum } from "../stats/sum.js";

/** Fewer calls of a request than this are a matter of when a run began. */
const LEAST_CALLS = 0.01;
/** So many calls may fall to either side of where the counting of a block begins and ends. */
const CALLS_AT_THE_ENDS = 1.5;
/** Share of a count that is not looked at. */
const LEAST_SHARE = 0.001;
/** With one block nothing is known of how a count varies, so that only half a call is a change. */
const LEAST_CALLS_OF_ONE_BLOCK = 0.5;
/** How requests fall together shifts counts that vary, a little, whenever one arm is slower. */
const LEAST_SHARE_OF_VARYING = 0.1;
/**
 * Calls in one arm, some in every block of it and none in the other, that chance does not make: ten that both arms make
 * alike fall to the same one in 2 of 1,024 cases.
 */
const CALLS_OF_NEW = 10;
const CALLS_OF_NEW_A_BLOCK = 3;
const MISSED = 0.05;

export interface CallChange {
  readonly baseline: number;
  readonly candidate: number;
  /** More than the counts vary by themselves. */
  readonly changed: boolean;
  /** Whether every request makes the same number of calls, which timers and the like do not. */
  readonly exact: boolean;
  /** Whether one arm calls it in every block, in some of its requests at least, and the other in none. */
  readonly oneSided: boolean;
  /** Whether anything counts this function at all, which nothing does in a service's parts of another runtime. */
  readonly counted: boolean;
}

/** Calls of a request of one function, one a block. */
interface Counts {
  readonly baseline: Float64Array;
  readonly candidate: Float64Array;
}

/**
 * Exact calls of a request of each function, in both arms. What every request calls as often has the same whole count in
 * every block, and any difference is a change. A count that varies (timers, chance, what the system puts together) has
 * to differ by more than it varies: a paired t interval over the blocks, corrected for all such counts; with a few
 * blocks their variances are shared (`sharedVariances`).
 *
 * @returns one a function; `null` when no block counts both arms
 */
export function callChanges({ functions, blocks }: ComparedProfiles): readonly CallChange[] | null {
  const counted = blocks.filter(({ baseline, candidate }) =>
    [baseline, candidate].every(({ profile }) => profile.calls !== null && profile.calls.requests > 0),
  );
  if (counted.length === 0) return null;
  const rows = functions.map(() => ({
    baseline: new Float64Array(counted.length),
    candidate: new Float64Array(counted.length),
  }));
  const seen = new Uint8Array(functions.length);
  let requests = Infinity;
  counted.forEach((block, index) => {
    for (const side of ["baseline", "candidate"] as const) {
      const { profile, places } = block[side];
      const { counts, requests: over } = profile.calls!;
      requests = Math.min(requests, over);
      counts.forEach((count, i) => {
        seen[places[i]!] = 1;
        rows[places[i]!]![side][index]! += count / over;
      });
    }
  });
  const exact = rows.map(
    ({ baseline, candidate }) => isExact(baseline, requests) && isExact(candidate, requests),
  );
  const varying = varyingChanges(
    rows.flatMap((row, place) => (exact[place]! ? [] : [{ place, ...row }])),
    requests,
  );
  return rows.map(({ baseline, candidate }, place) => {
    const [from, to] = [mean(baseline), mean(candidate)];
    const oneSided = isOneSided(baseline, candidate, requests) || isOneSided(candidate, baseline, requests);
    const least =
      counted.length === 1
        ? LEAST_CALLS_OF_ONE_BLOCK
        : oneSided
          ? 0
          : leastChange(Math.max(from, to), requests);
    const isMore = exact[place]! || counted.length === 1 || varying.has(place);
    return {
      baseline: from,
      candidate: to,
      changed: isMore && Math.abs(to - from) >= least,
      exact: exact[place]!,
      oneSided: isOneSided(baseline, candidate, requests) || isOneSided(candidate, baseline, requests),
      counted: seen[place] === 1,
    };
  });
}

function leastChange(calls: number, requests: number): number {
  return Math.max(LEAST_CALLS, 2 * toleranceOf(calls, requests));
}

function toleranceOf(calls: number, requests: number): number {
  return Math.max(LEAST_SHARE * calls, CALLS_AT_THE_ENDS / requests);
}

/** The same in every block, and a whole number for each step of a sequence of up to four requests. */
function isExact(calls: Float64Array, requests: number): boolean {
  const middle = mean(calls);
  const tolerance = toleranceOf(middle, requests);
  return (
    calls.every((value) => Math.abs(value - middle) <= tolerance) &&
    [1, 2, 3, 4].some((steps) => Math.abs(middle - Math.round(middle * steps) / steps) <= tolerance)
  );
}

/** Places of functions whose count varies and still changed. */
function varyingChanges(
  rows: readonly (Counts & { readonly place: number })[],
  requests: number,
): Set<number> {
  const blocks = rows[0]?.baseline.length ?? 0;
  if (blocks < 2) return new Set();
  const located = rows.map(({ place, baseline, candidate }) => {
    const differences = candidate.map((value, block) => value - baseline[block]!);
    const { mean: change, deviation } = locate(differences, 0);
    const [from, to] = [mean(baseline), mean(candidate)];
    // Counting is never surer than one call.
    const variance = Math.max(deviation ** 2, 1 / requests ** 2);
    return {
      place,
      change,
      variance,
      size: (from + to) / 2,
      isLarge: Math.abs(to - from) >= LEAST_SHARE_OF_VARYING * Math.max(from, to),
      isNew: isOneSided(baseline, candidate, requests) || isOneSided(candidate, baseline, requests),
      oneSign: differences.every((value) => value * change > 0),
    };
  });
  const { variances, degreesOfFreedom } = sharedVariances(located, blocks - 1);
  const critical = tQuantile(1 - MISSED / 2 / rows.length, degreesOfFreedom);
  const found = located.filter(({ change, isLarge, isNew, oneSign }, index) => {
    const error = Math.sqrt(variances[index]! / blocks);
    return isNew || (isLarge && oneSign && Math.abs(change) > critical * error);
  });
  return new Set(found.map(({ place }) => place));
}

/** Called in every block of one arm, in some of its requests, and never in the other. */
function isOneSided(never: Float64Array, called: Float64Array, requests: number): boolean {
  const calls = called.map((value) => Math.round(value * requests));
  return (
    called.length > 1 &&
    never.every((value) => value === 0) &&
    calls.every((count) => count >= CALLS_OF_NEW_A_BLOCK) &&
    sum(calls) >= CALLS_OF_NEW
  );
}
