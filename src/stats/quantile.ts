import { quantileSorted as libraryQuantile } from "simple-statistics";

/**
 * Quantile of a sorted sample by linear interpolation of order statistics: type 7 of Hyndman and Fan (1996),
 * the default of R and NumPy.
 *
 * @param sorted - ascending and not empty, in any unit
 * @param p - between 0 and 1
 * @returns the quantile in the unit of the sample
 * @throws RangeError for an empty sample or a `p` outside [0, 1]
 */
export function quantileSorted(sorted: Float64Array | Float32Array | readonly number[], p: number): number {
  if (sorted.length === 0) throw new RangeError("a quantile needs at least one value");
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a quantile needs p between 0 and 1, not ${p}`);
  // It only indexes; a typed array is as good as the array that its declaration asks for.
  return libraryQuantile(sorted as number[], p);
}

/** Median (type 7) of a sample in any order; the input is left as it is. */
export function median(values: Float64Array | readonly number[]): number {
  return quantileSorted(Float64Array.from(values).sort(), 0.5);
}
