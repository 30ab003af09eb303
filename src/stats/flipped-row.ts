import { STANDARD_ERROR_FLOOR, trimmedFromEachEnd } from "./location.js";

/** A row of values made ready for being judged under many sign vectors. */
export interface FlippableRow {
  readonly n: number;
  readonly trimmed: number;
  /** Values by falling size, each with its own sign. */
  readonly values: Float64Array;
  /** Block to which each of `values` belongs. */
  readonly block: Int32Array;
  readonly squares: number;
  /** Turns a winsorised sum of squared deviations into a squared standard error. */
  readonly scale: number;
}

export function flippableRow(values: Float64Array | readonly number[], trim: number): FlippableRow {
  const n = values.length;
  const block = Int32Array.from(values, (_, i) => i).sort(
    (a, b) => Math.abs(values[b]!) - Math.abs(values[a]!),
  );
  const ordered = Float64Array.from(block, (i) => values[i]!);
  const trimmed = trimmedFromEachEnd(n, trim);
  const kept = n - 2 * trimmed;
  return {
    n,
    trimmed,
    values: ordered,
    block,
    squares: ordered.reduce((sum, value) => sum + value * value, 0),
    scale: n / ((n - 1) * kept * kept),
  };
}

/**
 * T = trimmed mean / its standard error of the row with the signs of its blocks changed. Exact, and without sorting:
 * seen from the largest size down, the positive values come in falling and the negative ones in rising order, so the
 * first few of each sign are the ones that trimming cuts. The sum of all squares does not depend on the signs.
 *
 * @param signs - +1 or -1 for each block
 */
export function flippedT(row: FlippableRow, signs: Float64Array): number {
  const { n, trimmed, values, block } = row;
  let sum = 0;
  let cut = 0;
  let cutSquares = 0;
  let above = 0;
  let below = 0;
  let high = 0;
  let low = 0;
  let i = 0;
  for (; i < n && (above <= trimmed || below <= trimmed); i++) {
    const value = values[i]! * signs[block[i]!]!;
    sum += value;
    if (value >= 0) {
      if (above < trimmed) {
        cut += value;
        cutSquares += value * value;
      } else if (above === trimmed) high = value;
      above++;
    } else {
      if (below < trimmed) {
        cut += value;
        cutSquares += value * value;
      } else if (below === trimmed) low = value;
      below++;
    }
  }
  if (above <= trimmed || below <= trimmed) return lopsidedT(row, signs);
  for (; i < n; i++) sum += values[i]! * signs[block[i]!]!;
  const keptSum = sum - cut;
  const winsorisedSum = keptSum + trimmed * (low + high);
  const winsorisedSquares = row.squares - cutSquares + trimmed * (low * low + high * high);
  const squaredError = (winsorisedSquares - (winsorisedSum * winsorisedSum) / n) * row.scale;
  return studentised(keptSum / (n - 2 * trimmed), squaredError);
}

/** The same by sorting, for the rare flips that leave (nearly) all values on one side. */
function lopsidedT(row: FlippableRow, signs: Float64Array): number {
  const { n, trimmed } = row;
  const sorted = row.values.map((value, i) => value * signs[row.block[i]!]!).sort();
  const low = sorted[trimmed]!;
  const high = sorted[n - 1 - trimmed]!;
  let keptSum = 0;
  for (let i = trimmed; i < n - trimmed; i++) keptSum += sorted[i]!;
  const winsorisedMean = (keptSum + trimmed * (low + high)) / n;
  let squares = trimmed * ((low - winsorisedMean) ** 2 + (high - winsorisedMean) ** 2);
  for (let i = trimmed; i < n - trimmed; i++) squares += (sorted[i]! - winsorisedMean) ** 2;
  return studentised(keptSum / (n - 2 * trimmed), squares * row.scale);
}

function studentised(mean: number, squaredError: number): number {
  const floor = STANDARD_ERROR_FLOOR;
  return mean / (squaredError > floor * floor ? Math.sqrt(squaredError) : floor);
}
