import type { LatencyQuantiles } from "./measurement.js";
import type { ScenarioMetric } from "./metric-descriptor.js";

const FLOOR_US = 100;

/** So many requests beyond a quantile make one observation of it worth gating. */
const REQUESTS_BEYOND = 10;

export const p50 = latencyQuantile("p50", {
  quantile: 0.5,
  called: "the median latency",
  limit: 0.05,
  proof: true,
  watchedLive: true,
});

// The tail of a thousand requests rests on a few dozen stalls of the service, and moves from launch to launch by more
// than these limits (docs/calibration.md): red when clearly worse, but green does not wait for it.
export const p90 = latencyQuantile("p90", {
  quantile: 0.9,
  called: "the 90th percentile of latency",
  limit: 0.05,
  proof: false,
  watchedLive: false,
});

export const p95 = latencyQuantile("p95", {
  quantile: 0.95,
  called: "the 95th percentile of latency",
  limit: 0.075,
  proof: false,
  watchedLive: true,
});

export const p99 = latencyQuantile("p99", {
  quantile: 0.99,
  called: "the 99th percentile of latency",
  limit: 0.15,
  proof: false,
  watchedLive: false,
});

interface QuantileOptions {
  readonly quantile: number;
  /** How the reference of tailgate.yml calls it. */
  readonly called: string;
  readonly limit: number;
  readonly proof: boolean;
  readonly watchedLive: boolean;
}

function latencyQuantile<Name extends keyof LatencyQuantiles>(
  name: Name,
  options: QuantileOptions,
): ScenarioMetric & { readonly name: Name } {
  const { quantile, called, limit, proof, watchedLive } = options;
  return {
    name,
    label: name,
    wording: { subject: name, verb: "is", worse: "slower" },
    unit: "us",
    worse: "higher",
    scale: "log",
    gate: { limit, floor: FLOOR_US, proof },
    gatedByDefault: true,
    gateReference: {
      gate: `Gate on ${called}.`,
      limit: `How much slower ${called} may get.`,
      floor: "A worsening smaller than this is never a regression.",
    },
    fewestRequests: Math.round(REQUESTS_BEYOND / (1 - quantile)),
    unavailableBecause: "neither arm gave an expected response to any request",
    isLatency: true,
    countsFailures: false,
    improvesWhenBroken: true,
    watchedLive,
    chart: null,
    scope: "scenario",
    ofMix: "parts",
    read: ({ latencyUs }) => (latencyUs === null ? null : latencyUs[name]),
  };
}
