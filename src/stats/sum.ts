export function sum(values: Float64Array | readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** In the unit of the values; not a number where there are none. */
export function mean(values: Float64Array | readonly number[]): number {
  return sum(values) / values.length;
}
