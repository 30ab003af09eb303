import { tQuantile } from "../stats/student-t.js";
import type { ComparedProfiles } from "./compared-profiles.js";

/** Fewer calls of a request than this are a matter of when a run began. */
const LEAST_CALLS = 0.01;
/** A call more or less at either end of the load is no change. */
const COUNTING_ERROR = 0.001;
/** With one block nothing is known of how a count varies, so that only this much, which is half a call, is a change. */
const LEAST_CALLS_OF_ONE_BLOCK = 0.5;

export interface CallChange {
  readonly baseline: number;
  readonly candidate: number;
  /** More than the counts vary by themselves. */
  readonly changed: boolean;
  /** Whether the count is the same in every block of each arm, which timers and the like are not. */
  readonly exact: boolean;
}

/**
 * Exact calls of a request of each function, in both arms. A count of what a request does is the same in every block and
 * any difference is one; a count that varies (timers, what the system puts together) has to differ by more than it
 * varies: a paired t interval over the blocks, corrected for all the counts that vary.
 *
 * @returns one a function; `null` when no block counts both arms
 */
export function callChanges({ functions, blocks }: ComparedProfiles): readonly CallChange[] | null {
  const counted = blocks.filter(({ baseline, candidate }) =>
    [baseline, candidate].every(({ profile }) => profile.calls !== null && profile.calls.requests > 0),
  );
  if (counted.length === 0) return null;
  const rows = (side: "baseline" | "candidate"): Float64Array[] => {
    const calls = functions.map(() => new Float64Array(counted.length));
    counted.forEach((block, index) => {
      const { profile, places } = block[side];
      const { counts, requests } = profile.calls!;
      counts.forEach((count, i) => (calls[places[i]!]![index]! += count / requests));
    });
    return calls;
  };
  const [from, to] = [rows("baseline"), rows("candidate")];
  const exact = functions.map((_, i) => isSteady(from[i]!) && isSteady(to[i]!));
  const varying = exact.filter((one) => !one).length;
  return functions.map((_, i) => {
    const difference = to[i]!.map((value, block) => value - from[i]![block]!);
    return {
      baseline: mean(from[i]!),
      candidate: mean(to[i]!),
      changed: isChange(difference, exact[i]!, varying),
      exact: exact[i]!,
    };
  });
}

function isSteady(calls: Float64Array): boolean {
  return Math.max(...calls) - Math.min(...calls) <= COUNTING_ERROR * Math.max(1, ...calls);
}

function isChange(difference: Float64Array, exact: boolean, varying: number): boolean {
  const change = Math.abs(mean(difference));
  const n = difference.length;
  if (n === 1) return change >= LEAST_CALLS_OF_ONE_BLOCK;
  if (change < LEAST_CALLS) return false;
  if (exact) return true;
  const squares = difference.reduce((sum, value) => sum + (value - mean(difference)) ** 2, 0);
  const error = Math.max(Math.sqrt(squares / (n - 1) / n), COUNTING_ERROR);
  return change > tQuantile(1 - 0.025 / Math.max(1, varying), n - 1) * error;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
