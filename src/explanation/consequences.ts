import type { CallChange } from "./call-changes.js";
import type { CallWeights } from "./cpu-of-functions.js";

/** Counts that grew by factors nearer than this grew for one reason. */
const SAME_FACTOR = Math.log(1.1);

/**
 * Functions that are called more, or less, only because their caller is, each with the function at which that began. The
 * caller is the one from which most of the function's time was reached.
 */
export function calledForItsSake(
  changed: readonly number[],
  calls: readonly CallChange[] | null,
  weights: CallWeights | null,
): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  if (calls === null || weights === null) return found;
  const isChanged = new Set(changed);
  const reason = (place: number): number | null => {
    const caller = mainCaller(weights.callers[place]!);
    if (caller === null || caller === place || !isChanged.has(caller)) return null;
    return sameFactor(calls[place]!, calls[caller]!) ? caller : null;
  };
  for (const place of changed) {
    const path = new Set([place]);
    let root = place;
    for (let next = reason(root); next !== null; next = reason(root)) {
      // Functions that call each other have no beginning: the first met stands for them.
      if (path.has(next)) {
        root = Math.min(...path);
        break;
      }
      path.add(next);
      root = next;
    }
    if (root !== place) found.set(place, root);
  }
  return found;
}

/** Whether two counts changed by nearly the same factor; all that is new, or gone, is alike. */
export function sameFactor(one: CallChange, two: CallChange): boolean {
  if (one.baseline === 0 || two.baseline === 0) return one.baseline === two.baseline;
  if (one.candidate === 0 || two.candidate === 0) return one.candidate === two.candidate;
  const apart = Math.log(one.candidate / one.baseline) - Math.log(two.candidate / two.baseline);
  return Math.abs(apart) <= SAME_FACTOR;
}

function mainCaller(callers: ReadonlyMap<number, number>): number | null {
  let [main, most] = [-1, 0];
  for (const [caller, weight] of callers) if (weight > most) [main, most] = [caller, weight];
  return main === -1 ? null : main;
}
