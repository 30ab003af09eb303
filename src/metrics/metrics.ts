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
