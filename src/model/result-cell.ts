import type { Acceptance, Metric } from "./plan.js";
import type { CellVerdictName } from "./observations.js";

export type RunVerdict = "regression" | "pass" | "inconclusive" | "no-baseline" | "invalid";

/**
 * Verdict of a cell in a run. Beyond what the statistics can say:
 * `overloaded`: the candidate cannot serve the rate, so its latency would only tell how long the run was;
 * `failing`: its answers fail where the baseline's do not;
 * `no-baseline`: only the candidate has this scenario; `unavailable`: could not be measured here.
 */
export type CellVerdict = CellVerdictName | "overloaded" | "failing" | "no-baseline" | "unavailable";

/** One row of the result: scenario x metric x candidate arm. */
export interface ResultCell {
  /** `null` for a cell of the service as a whole (memory). */
  readonly scenario: string | null;
  readonly metric: Metric;
  readonly arm: string;
  readonly unit: string;
  readonly gated: boolean;
  readonly proof: boolean;
  /** Why it is not gated although the plan has a gate; `null` otherwise. */
  readonly ungatedBecause: string | null;
  /** Medians over blocks, in `unit`; `null` where there is no number to give. */
  readonly baseline: number | null;
  readonly candidate: number | null;
  /** Candidate over baseline minus one (difference for shares), with its two-sided 95 % interval. */
  readonly change: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The gate's limit; `null` where there is no gate. */
  readonly limit: number | null;
  /** Family-wise adjusted p-value. */
  readonly p: number | null;
  readonly verdict: CellVerdict;
  /** Smallest worsening that would have been found with 80 % probability. */
  readonly minimumDetectable: number | null;
  /** Set where a person accepted this slow-down and it stays inside what was accepted. */
  readonly accepted: Acceptance | null;
}

/** Something that a reader should know and that does not decide. */
export interface VerdictWarning {
  /** Stable, kebab-case. */
  readonly code: string;
  readonly message: string;
}
