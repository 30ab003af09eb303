const BINS = 128;
const LOWEST_US = 1;
const HIGHEST_US = 1e8;

/** Lower edge of a bin in microseconds. That of bin 128 is the upper edge of the last bin. */
export function binEdgeUs(bin: number): number {
  return LOWEST_US * (HIGHEST_US / LOWEST_US) ** (bin / BINS);
}

/** Bin of a latency: 128 bins of equal ratio (1.155) from 1 us to 100 s. The outermost also hold what lies outside. */
export function binOf(latencyUs: number): number {
  if (!(latencyUs > LOWEST_US)) return 0;
  const bin = Math.floor((Math.log(latencyUs / LOWEST_US) / Math.log(HIGHEST_US / LOWEST_US)) * BINS);
  return Math.min(BINS - 1, bin);
}

/** `[bin, count]` of the bins that are not empty, ascending. */
export function histogramOf(latenciesUs: Float64Array): [number, number][] {
  const counts = new Float64Array(BINS);
  for (const latencyUs of latenciesUs) counts[binOf(latencyUs)]!++;
  return [...counts.entries()].filter(([, count]) => count > 0);
}
