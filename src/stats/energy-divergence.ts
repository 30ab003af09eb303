/** The split of a stretch of a series whose two sides differ most. */
export interface Divergence {
  /** Place of the first value of the second side, from 0 in the whole series. */
  readonly index: number;
  readonly size: number;
}

/**
 * The place at which two neighbouring stretches differ most by the energy distance, where the second may end before the
 * stretch does (Matteson and James 2014, equations 2.5 to 2.7 with alpha = 1). Of equal ones the first.
 *
 * @param start - first place of the stretch
 * @param end - place after its last
 * @returns `null` for a stretch of fewer than two values
 */
export function largestDivergence(series: readonly number[], start: number, end: number): Divergence | null {
  const length = end - start;
  if (length < 2) return null;
  const sums = distanceSums(series.slice(start, end));
  /** Sum of distances between the values of two ranges. */
  const between = (i0: number, i1: number, j0: number, j1: number): number =>
    sums[i1]![j1]! - sums[i0]![j1]! - sums[i1]![j0]! + sums[i0]![j0]!;
  let best: Divergence | null = null;
  for (let split = 1; split < length; split++) {
    for (let until = split + 1; until <= length; until++) {
      const [n, m] = [split, until - split];
      const cross = (2 / (n + m)) * between(0, split, split, until);
      // Pairs are summed twice.
      const left = n === 1 ? 0 : (m / (n + m) / (n - 1)) * between(0, split, 0, split);
      const right = m === 1 ? 0 : (n / (n + m) / (m - 1)) * between(split, until, split, until);
      const size = cross - left - right;
      if (best === null || size > best.size) best = { index: start + split, size };
    }
  }
  return best;
}

/** Sums of all distances between the first i and the first j values. */
function distanceSums(values: readonly number[]): number[][] {
  const sums = [new Array<number>(values.length + 1).fill(0)];
  for (const [i, one] of values.entries()) {
    const row = [0];
    let sum = 0;
    for (const [j, other] of values.entries()) {
      sum += Math.abs(one - other);
      row.push(sums[i]![j + 1]! + sum);
    }
    sums.push(row);
  }
  return sums;
}
