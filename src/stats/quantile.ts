/**
 * Quantile of a sorted sample by linear interpolation of order statistics: type 7 of Hyndman and Fan (1996),
 * the default of R and NumPy.
 *
 * @param sorted - ascending and not empty, in any unit
 * @param p - between 0 and 1
 * @returns the quantile in the unit of the sample
 * @throws RangeError for an empty sample or a `p` outside [0, 1]
 */
export function quantileSorted(sorted: Float64Array | readonly number[], p: number): number {
  const last = sorted.length - 1;
  if (last < 0) throw new RangeError("a quantile needs at least one value");
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a quantile needs p between 0 and 1, not ${p}`);
  const position = last * p;
  const below = Math.floor(position);
  const low = sorted[below]!;
  if (below === last) return low;
  return low + (position - below) * (sorted[below + 1]! - low);
}

/** Quantile (type 7) of an unsorted sample; the input is left as it is. */
export function quantile(values: Float64Array | readonly number[], p: number): number {
  return quantileSorted(Float64Array.from(values).sort(), p);
}

/** Median of an unsorted sample; the input is left as it is. */
export function median(values: Float64Array | readonly number[]): number {
  return quantile(values, 0.5);
}
