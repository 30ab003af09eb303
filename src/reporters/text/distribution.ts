import { binEdgeUs } from "../../load/samples/histogram.js";
import { countedBlocks } from "./paired-series.js";
import type { Result } from "../../model/result.js";

/** As many as a block carries; see `ScenarioMeasurement`. */
const BINS = 128;

/**
 * Latencies of one arm in one scenario, all blocks together, in logarithmic bins. For pictures only: no number that
 * is tested comes from here.
 */
export interface Distribution {
  readonly requests: number;
  /** Share of the requests in a bin. */
  readonly share: (bin: number) => number;
  /** The bin in which a quantile lies. */
  readonly binAt: (quantile: number) => number;
  /** Latency at a quantile, interpolated inside its bin on the logarithmic scale; microseconds. */
  readonly latencyAt: (quantile: number) => number;
}

/** @returns `null` where no request was served */
export function distributionOf(result: Result, arm: string, scenario: string): Distribution | null {
  const counts = new Float64Array(BINS);
  let requests = 0;
  for (const block of countedBlocks(result)) {
    if (!Object.hasOwn(block.arms, arm)) continue;
    const { scenarios } = block.arms[arm]!;
    if (!Object.hasOwn(scenarios, scenario)) continue;
    for (const [bin, count] of scenarios[scenario]!.histogram) {
      counts[bin]! += count;
      requests += count;
    }
  }
  if (requests === 0) return null;
  const at = (quantile: number): { bin: number; within: number } => {
    const wanted = quantile * requests;
    let below = 0;
    let last = 0;
    for (let bin = 0; bin < BINS; bin++) {
      const count = counts[bin]!;
      if (count === 0) continue;
      last = bin;
      if (below + count >= wanted) return { bin, within: Math.max(0, (wanted - below) / count) };
      below += count;
    }
    return { bin: last, within: 1 };
  };
  return {
    requests,
    share: (bin) => (counts[bin] ?? 0) / requests,
    binAt: (quantile) => at(quantile).bin,
    latencyAt: (quantile) => {
      const { bin, within } = at(quantile);
      return binEdgeUs(bin) * (binEdgeUs(bin + 1) / binEdgeUs(bin)) ** within;
    },
  };
}
