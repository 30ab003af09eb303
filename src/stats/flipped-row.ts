import { STANDARD_ERROR_FLOOR, trimmedFromEachEnd } from "./location.js";

/** A row of values made ready for being judged under many sign vectors. */
export interface FlippableRow {
  readonly n: number;
  readonly trimmed: number;
  /** By falling size, in pairs: the value as it is, and flipped. */
  readonly pairs: Float64Array;
  /** For each of `pairs`: 1 where it is positive or zero. */
  readonly positive: Uint8Array;
  /** Block to which each pair belongs. */
  readonly block: Int32Array;
  readonly squares: number;
  /** Turns a winsorised sum of squared deviations into a squared standard error. */
  readonly scale: number;
  /** Mean size of the values, without the largest that trimming may cut: the same whatever the signs are. */
  readonly size: number;
  /** Room for the positive and the negative values of one flip, each by falling size. */
  readonly above: Float64Array;
  readonly below: Float64Array;
  /** Of the last flip: T = trimmed mean / its standard error. */
  t: number;
  /** Of the last flip: trimmed mean / `size`, how much of the row leans one way. */
  lean: number;
}

export function flippableRow(values: Float64Array | readonly number[], trim: number): FlippableRow {
  const n = values.length;
  const block = Int32Array.from(values, (_, i) => i).sort(
    (a, b) => Math.abs(values[b]!) - Math.abs(values[a]!),
  );
  const pairs = Float64Array.from(
    { length: 2 * n },
    (_, i) => values[block[i >>> 1]!]! * (i % 2 === 0 ? 1 : -1),
  );
  const trimmed = trimmedFromEachEnd(n, trim);
  const kept = n - 2 * trimmed;
  const sizes = pairs.filter((_, i) => i % 2 === 0 && i >= 2 * trimmed);
  return {
    n,
    trimmed,
    pairs,
    positive: Uint8Array.from(pairs, (value) => (value >= 0 ? 1 : 0)),
    block,
    squares: pairs.reduce((sum, value) => sum + value * value, 0) / 2,
    scale: n / ((n - 1) * kept * kept),
    size: sizes.reduce((sum, value) => sum + Math.abs(value), 0) / sizes.length,
    above: new Float64Array(n + 1),
    below: new Float64Array(n + 1),
    t: 0,
    lean: 0,
  };
}

/**
 * Leaves in `row` the T and the lean that it has with the signs of some blocks changed. Exact, and without sorting:
 * seen from the largest size down, the positive values come in falling and the negative ones in rising order, so the
 * first few of each sign are the ones that trimming cuts. The sum of all squares does not depend on the signs.
 *
 * @param flips - for each block 1 to change its sign, 0 to leave it
 */
export function flipRow(row: FlippableRow, flips: Uint8Array): void {
  const { n, trimmed, pairs, positive, block, above, below } = row;
  let sum = 0;
  let positives = 0;
  // Which sign comes next is a coin toss that no processor predicts: every value is written to both lists, and only
  // the end of one of them moves on.
  for (let i = 0; i < n; i++) {
    const at = 2 * i + flips[block[i]!]!;
    const value = pairs[at]!;
    sum += value;
    above[positives] = value;
    below[i - positives] = value;
    positives += positive[at]!;
  }
  if (positives <= trimmed || n - positives <= trimmed) {
    flipLopsidedRow(row, flips);
    return;
  }
  const high = above[trimmed]!;
  const low = below[trimmed]!;
  let squares = row.squares + trimmed * (high * high + low * low);
  for (let i = 0; i < trimmed; i++) {
    const top = above[i]!;
    const bottom = below[i]!;
    sum -= top + bottom;
    squares -= top * top + bottom * bottom;
  }
  const winsorisedSum = sum + trimmed * (low + high);
  const squaredError = (squares - (winsorisedSum * winsorisedSum) / n) * row.scale;
  note(row, sum / (n - 2 * trimmed), squaredError);
}

/** The same by sorting, for the rare flips that leave (nearly) all values on one side. */
function flipLopsidedRow(row: FlippableRow, flips: Uint8Array): void {
  const { n, trimmed } = row;
  const sorted = Float64Array.from(row.block, (block, i) => row.pairs[2 * i + flips[block]!]!).sort();
  const low = sorted[trimmed]!;
  const high = sorted[n - 1 - trimmed]!;
  let keptSum = 0;
  for (let i = trimmed; i < n - trimmed; i++) keptSum += sorted[i]!;
  const winsorisedMean = (keptSum + trimmed * (low + high)) / n;
  let squares = trimmed * ((low - winsorisedMean) ** 2 + (high - winsorisedMean) ** 2);
  for (let i = trimmed; i < n - trimmed; i++) squares += (sorted[i]! - winsorisedMean) ** 2;
  note(row, keptSum / (n - 2 * trimmed), squares * row.scale);
}

function note(row: FlippableRow, mean: number, squaredError: number): void {
  const floor = STANDARD_ERROR_FLOOR;
  row.t = mean / (squaredError > floor * floor ? Math.sqrt(squaredError) : floor);
  row.lean = row.size > 0 ? mean / row.size : 0;
}
