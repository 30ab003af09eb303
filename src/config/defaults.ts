import type { ExperimentPlan, ExplainWhen } from "../model/plan.js";
import type { Gates } from "../model/gates-plan.js";
import type { LoadPlan } from "../model/scenario-plan.js";
import { ofEachMetric } from "../metrics/metrics.js";

/** Where the file is looked for, relative to the repository's root. */
export const CONFIG_PATHS = [
  ".github/tailgate.yml",
  ".github/tailgate.yaml",
  "tailgate.yml",
  "tailgate.yaml",
] as const;

export const DEFAULT_GATES: Gates = ofEachMetric(({ gate, gatedByDefault }) =>
  gatedByDefault ? gate : null,
);

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
  alpha: 0.01,
  seed: 1,
  control: false,
  strict: false,
};

export const DEFAULT_EXPLAIN: ExplainWhen = "on-regression";

/** Requests per second to a service elsewhere, which may serve others too. */
export const DEFAULT_MAX_RATE = 100;
/** The most that a file may ask for. */
export const HIGHEST_MAX_RATE = 1000;

export const DEFAULT_READY_TIMEOUT_MS = 60_000;
export const DEFAULT_BUILD_TIMEOUT_MS = 20 * 60_000;
