import type { ExperimentPlan, Gate, LoadPlan } from "../model/plan.js";
import type { Metric } from "../metrics/metrics.js";

/** Where the file is looked for, relative to the repository's root. */
export const CONFIG_PATHS = [
  ".github/tailgate.yml",
  ".github/tailgate.yaml",
  "tailgate.yml",
  "tailgate.yaml",
] as const;

const LATENCY_FLOOR_US = 100;

export const DEFAULT_GATES: Readonly<Record<Metric, Gate>> = {
  p50: { limit: 0.05, floor: LATENCY_FLOOR_US, proof: true },
  // The tail of a thousand requests rests on a few dozen stalls of the service, and moves from launch to launch by more
  // than these limits (docs/calibration.md): red when clearly worse, but green does not wait for it.
  p90: { limit: 0.05, floor: LATENCY_FLOOR_US, proof: false },
  p95: { limit: 0.075, floor: LATENCY_FLOOR_US, proof: false },
  p99: { limit: 0.15, floor: LATENCY_FLOOR_US, proof: false },
  throughput: { limit: 0.05, floor: 0, proof: true },
  cpu: { limit: 0.05, floor: 0, proof: true },
  memory: { limit: 0.05, floor: 2 * 1024 ** 2, proof: true },
  errors: { limit: 0.001, floor: 0, proof: true },
};

export const DEFAULT_LOAD: LoadPlan = {
  connections: 10,
  connection: "keep-alive",
  rate: "auto",
  requests: 1000,
  warmup: 500,
  timeoutMs: 5000,
};

export const DEFAULT_EXPERIMENT: ExperimentPlan = {
  budgetMs: 300_000,
  alpha: 0.05,
  seed: 1,
  control: false,
  strict: false,
};

export const DEFAULT_READY_TIMEOUT_MS = 60_000;
export const DEFAULT_BUILD_TIMEOUT_MS = 20 * 60_000;
