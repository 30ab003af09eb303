/** Share cut from each end of a row of log ratios. */
export const TRIM = 0.2;

/**
 * The least standard error that is believed. Clocks and counters have grain: rows that agree to the last digit
 * show the grain, not certainty.
 */
export const STANDARD_ERROR_FLOOR = 1e-4;

/** Where a row of paired differences lies and how well that is known. */
export interface Location {
  readonly n: number;
  /** Trimmed mean, in the unit of the values. */
  readonly mean: number;
  /** Winsorised standard deviation, with n - 1. */
  readonly deviation: number;
  /** Of the trimmed mean; never below `STANDARD_ERROR_FLOOR`. */
  readonly standardError: number;
  readonly degreesOfFreedom: number;
}

/** How many values are cut from each end of a row of `n`. */
export function trimmedFromEachEnd(n: number, trim: number): number {
  // The share is given as a decimal: 0.2 * 35 must not fall below 7.
  return Math.floor(trim * n + 1e-9);
}

/**
 * Trimmed mean with the standard error of Yuen (1974), "The two-sample trimmed t for unequal population variances",
 * in its one-sample form (Wilcox, "Introduction to Robust Estimation", section 4.3):
 * g = floor(trim n), h = n - 2 g, SE = w / ((1 - 2 g / n) sqrt n), h - 1 degrees of freedom.
 * With `trim` 0 it is the mean with its ordinary standard error.
 *
 * @param values - one a block, in any order, two or more
 * @throws RangeError for fewer than two values
 */
export function locate(values: Float64Array | readonly number[], trim: number): Location {
  const n = values.length;
  if (n < 2) throw new RangeError(`a standard error needs at least two values, not ${n}`);
  const sorted = Float64Array.from(values).sort();
  const g = trimmedFromEachEnd(n, trim);
  const kept = n - 2 * g;
  const low = sorted[g]!;
  const high = sorted[n - 1 - g]!;
  let sum = 0;
  for (let i = g; i < n - g; i++) sum += sorted[i]!;
  const mean = sum / kept;
  const winsorisedMean = (sum + g * (low + high)) / n;
  let squares = g * ((low - winsorisedMean) ** 2 + (high - winsorisedMean) ** 2);
  for (let i = g; i < n - g; i++) squares += (sorted[i]! - winsorisedMean) ** 2;
  const deviation = Math.sqrt(squares / (n - 1));
  const standardError = Math.max(deviation / ((kept / n) * Math.sqrt(n)), STANDARD_ERROR_FLOOR);
  return { n, mean, deviation, standardError, degreesOfFreedom: kept - 1 };
}
