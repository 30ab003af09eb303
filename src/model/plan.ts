/** What a gate can be put on, in the order in which reports list them. */
export const METRICS = ["p50", "p90", "p95", "p99", "throughput", "cpu", "memory", "errors"] as const;
export type Metric = (typeof METRICS)[number];

/** The unit in which observations, floors and results of a metric are given. */
export const METRIC_UNITS = {
  p50: "us",
  p90: "us",
  p95: "us",
  p99: "us",
  throughput: "requests/s",
  cpu: "us/request",
  memory: "bytes",
  errors: "share",
} as const satisfies Record<Metric, string>;

/** The limit that a metric must keep. */
export interface Gate {
  /** Allowed worsening: relative (0.05 is 5 %), for `errors` absolute (0.001 is 0.1 percentage points). */
  readonly limit: number;
  /** A worsening smaller than this is never a regression; in the metric's unit. */
  readonly floor: number;
  /** Whether green waits until the metric is shown to be within its limit. */
  readonly proof: boolean;
}

/** `null`: measured and shown, not gated. */
export type Gates = Readonly<Record<Metric, Gate | null>>;

/** How one service is built, started and reset; paths are relative to its checkout. */
export interface ServicePlan {
  readonly build: string | null;
  readonly start: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly setup: string | null;
  readonly reset: string | null;
  /** A path that must answer with success; `null`: any answer to `/` below 500 will do. */
  readonly ready: { readonly path: string | null; readonly timeoutMs: number };
  /** A port the service insists on; its arms then run one after the other. `null`: any free port. */
  readonly port: number | null;
  readonly buildTimeoutMs: number;
}

export interface LoadPlan {
  readonly connections: number;
  readonly connection: "keep-alive" | "new";
  /** Requests per second offered to every arm alike; `auto`: half of what the slowest arm but head can do. */
  readonly rate: number | "auto";
  /** Per arm and block. */
  readonly requests: number;
  readonly warmup: number;
  readonly timeoutMs: number;
}

export interface RequestPlan {
  readonly method: string;
  /** Path and query, starting with "/". May hold `{name}` of a value captured from an earlier answer. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Values taken from this request's answer for later ones: name -> where it is found. */
  readonly capture: Readonly<Record<string, Capture>>;
}

/** Where in an answer a value is found. */
export type Capture =
  | { readonly from: "json"; readonly path: readonly string[] }
  | { readonly from: "header"; readonly name: string };

/** What an answer must look like to count as served. */
export interface Expectation {
  /** Accepted status codes; empty: any 2xx. */
  readonly status: readonly number[];
  readonly contains: string | null;
  readonly bytes: { readonly min: number; readonly max: number } | null;
}

export interface ScenarioPlan {
  readonly name: string;
  /** One request, or a short sequence sent in order on one connection; a sequence is one sample. */
  readonly requests: readonly RequestPlan[];
  readonly expect: Expectation;
  readonly load: LoadPlan;
  /** `memory` among them is not used: it belongs to the service. */
  readonly gates: Gates;
  /** Only head's file has it: it is measured on head alone and has no baseline. */
  readonly newInHead: boolean;
}

export type ArmRole = "base" | "head" | "control" | "stack";

/** A slow-down that a person has accepted, up to a size and until a day. */
export interface Acceptance {
  readonly scenario: string | null;
  readonly metric: Metric;
  readonly limit: number;
  readonly reason: string;
  /** Last day on which it holds, `YYYY-MM-DD` (UTC). */
  readonly until: string;
}

export interface ExperimentPlan {
  readonly budgetMs: number;
  readonly alpha: number;
  readonly seed: number;
  readonly control: boolean;
  /** Test against the limit itself instead of 0.4 of it. */
  readonly strict: boolean;
}

export type CommentWhen = "always" | "on-change" | "never";
export type FailOn = "regression" | "inconclusive" | "never";

/** One thing under test and how it is run. */
export interface ArmPlan {
  readonly name: string;
  readonly role: ArmRole;
  readonly service: ServicePlan;
}

/** Everything that is decided before anything is started. Fully resolved: no default is left open. */
export interface Plan {
  readonly arms: readonly ArmPlan[];
  /** Name of the arm that the others are compared with. */
  readonly baseline: string;
  readonly scenarios: readonly ScenarioPlan[];
  readonly memoryGate: Gate | null;
  readonly accept: readonly Acceptance[];
  readonly experiment: ExperimentPlan;
  readonly report: { readonly comment: CommentWhen; readonly key: string };
  /** Visible lines for the report: where head's file differs from the one that governs, and the like. */
  readonly notes: readonly string[];
}
