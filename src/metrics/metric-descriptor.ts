import type { ArmMeasurement, ScenarioMeasurement } from "./measurement.js";

/** The unit in which observations, floors and results give a metric. */
export const METRIC_UNITS = ["us", "us/request", "requests/s", "bytes", "share"] as const;
export type MetricUnit = (typeof METRIC_UNITS)[number];

/**
 * How two values are compared. `log`: by their ratio, on a logarithmic scale. `difference`: shares such as errors, where
 * a ratio to zero would mean nothing; one is subtracted from the other and the limit is absolute.
 */
export type MetricScale = "log" | "difference";

/** The limit that a metric must keep. */
interface StandardGate {
  /** Allowed worsening: a ratio (0.05 is 5 %), or a difference of shares (0.001 is 0.1 percentage points). */
  readonly limit: number;
  /** A worsening smaller than this is never a regression; in the metric's unit. */
  readonly floor: number;
  /** Whether green waits until the metric is shown to be within its limit. */
  readonly proof: boolean;
}

/** Everything that is particular to one metric. No other code asks for a metric by its name. */
interface Descriptor {
  /** How files, observations and results call it. */
  readonly name: string;
  /** How tables call it. */
  readonly label: string;
  /** Its words in a sentence: "p95 of `list users` is 12 % slower". */
  readonly wording: { readonly subject: string; readonly verb: "is" | "are"; readonly worse: string };
  readonly unit: MetricUnit;
  /** The direction that is worse. */
  readonly worse: "higher" | "lower";
  readonly scale: MetricScale;
  /** The gate that it has by default, or, where `gatedByDefault` is false, as soon as a file asks for one. */
  readonly gate: StandardGate;
  /** `false`: measured and shown, and gated only where a file asks for it. */
  readonly gatedByDefault: boolean;
  /** What the file's reference says of the gate. */
  readonly gateReference: {
    readonly gate: string;
    readonly limit: string;
    /** `null`: the gate has no floor that a file could set. */
    readonly floor: string | null;
  };
  /** Requests that one observation needs before it can be gated. */
  readonly fewestRequests: number;
  /** Why there is no number where neither arm has one in any block. */
  readonly unavailableBecause: string;
  /** Latency at the offered rate. Under overload it only tells how long the run was, so its numbers are withheld. */
  readonly isLatency: boolean;
  /** A share of failed requests: a candidate that fails clearly is a regression at once, without a look. */
  readonly countsFailures: boolean;
  /** A service that leaves out work improves it: an improvement is checked against what the responses hold. */
  readonly improvesWhenBroken: boolean;
  /** Worth a line in the live view of a run. */
  readonly watchedLive: boolean;
  /** Its values block by block as a picture of the report; `null`: only its change is drawn. */
  readonly chart: { readonly title: string; readonly tick: (value: number) => string } | null;
}

/** A metric that each scenario has. */
export interface ScenarioMetric extends Descriptor {
  readonly scope: "scenario";
  /** Whether it is one of each scenario of a mix, or of the mix as a whole. */
  readonly ofMix: "parts" | "whole";
  /** Its value in one block, in `unit`; `null`: measured, but there is no number to give. */
  readonly read: (measured: ScenarioMeasurement) => number | null;
}

/** A metric of the service as a whole. */
export interface ServiceMetric extends Descriptor {
  readonly scope: "service";
  /** Its value in one block, in `unit`; `null`: it could not be measured. */
  readonly read: (measured: ArmMeasurement) => number | null;
}

export type MetricDescriptor = ScenarioMetric | ServiceMetric;
