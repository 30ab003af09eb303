import type { Metric } from "../../src/metrics/metrics.js";

/** What a regression must look like in Tailgate's result. A metric shows when its row is red, by number or by overload. */
export interface Expectation {
  /** What the patch changes, in a few words. */
  readonly change: string;
  readonly verdict: "regression" | "not regression" | "regression or not";
  /** Every one of these must show. */
  readonly all: readonly Metric[];
  /** At least one of these must show; empty: nothing is asked. */
  readonly any: readonly Metric[];
  /** None of these may show. */
  readonly none: readonly Metric[];
  /** Whether the report must say that answers grew; a regression is then not asked for, but whatever is red must be right. */
  readonly grown: boolean;
  /** None of these may look better. */
  readonly notBetter: readonly Metric[];
  /** Gates that the run needs in place of the default ones. */
  readonly gates: Readonly<Partial<Record<Metric, string>>>;
  /** Why it is looked for there. */
  readonly because: string;
}

const NOTHING = { all: [], any: [], none: [], grown: false, notBetter: [], gates: {} } as const;

/** The regressions that have to be caught, each by the metrics that it touches. */
export const EXPECTATIONS = {
  "n-plus-one": {
    ...NOTHING,
    change: "one query per row instead of one",
    verdict: "regression",
    all: ["p50", "p90", "p95", "p99", "throughput", "cpu"],
    because: "head serves a fraction of the load that base serves: its percentiles are overloaded",
  },
  "missing-index": {
    ...NOTHING,
    change: "sorts by a column without an index",
    verdict: "regression",
    any: ["p50", "p90", "p95"],
    none: ["cpu"],
    because: "the database works longer, the service does not",
  },
  "pool-of-one": {
    ...NOTHING,
    change: "pool of 5 connections to 1",
    verdict: "regression",
    any: ["throughput", "p90", "p95", "p99"],
    because: "requests wait for the connection when several come at once",
  },
  "sync-in-async": {
    ...NOTHING,
    change: "a blocking call of a few milliseconds in the handler",
    verdict: "regression",
    all: ["throughput", "p95"],
    because: "nothing else is served meanwhile",
  },
  "pretty-json": {
    ...NOTHING,
    change: "indented JSON",
    verdict: "regression or not",
    none: ["memory", "errors"],
    grown: true,
    because:
      "more bytes are made and sent, which costs a serialiser of its own far more than 5 % of CPU and JSON.stringify about 1 %",
  },
  "log-every-row": {
    ...NOTHING,
    change: "a line per row into a file",
    verdict: "regression",
    all: ["cpu"],
    any: ["p50", "p90", "p95"],
    because: "writing a hundred lines takes time of the handler",
  },
  leak: {
    ...NOTHING,
    change: "keeps 10 kB per request",
    verdict: "regression",
    all: ["memory"],
    none: ["p50", "p90", "errors"],
    because: "nothing else changes while memory lasts",
  },
  "slow-tail": {
    ...NOTHING,
    change: "2 % of the requests sleep 20 ms",
    verdict: "regression",
    all: ["p99"],
    none: ["p50", "cpu"],
    because: "the middle of the distribution stays where it is",
  },
  "gc-pressure": {
    ...NOTHING,
    change: "many short-lived allocations",
    verdict: "regression",
    all: ["cpu"],
    any: ["p95", "p99"],
    because: "allocating and collecting take time, collecting in pauses",
  },
  "errors-fast": {
    ...NOTHING,
    change: "answers 500 at once for 1 % of the requests",
    verdict: "regression",
    all: ["errors"],
    notBetter: ["p50", "p90", "p95", "p99", "throughput"],
    because: "a failed request must not count as a quick one",
  },
  "five-percent": {
    ...NOTHING,
    change: "5 % more CPU work in the handler",
    verdict: "regression",
    all: ["cpu"],
    // Others off: a queue makes more of 5 % than 5 %, and a run ends with the first row that is clear.
    gates: { cpu: "3%", p50: "off", p90: "off", p95: "off", p99: "off", throughput: "off" },
    because: "the smallest that must be found; CPU is gated at 3 %, and latency and throughput are not",
  },
  "no-op": {
    ...NOTHING,
    change: "a comment",
    verdict: "not regression",
    none: ["p50", "p90", "p95", "p99", "throughput", "cpu", "memory", "errors"],
    because: "nothing changed",
  },
} as const satisfies Readonly<Record<string, Expectation>>;

export type RegressionName = keyof typeof EXPECTATIONS;
export const REGRESSIONS = Object.keys(EXPECTATIONS) as readonly RegressionName[];
