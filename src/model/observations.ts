/** Schema name of a document for `judge`. */
export const OBSERVATIONS_SCHEMA = "tailgate/observations@1";

/** One scenario x metric with its values per arm and block. */
export interface ObservedCell {
  /** `null` for a cell of the service as a whole, such as memory. */
  readonly scenario: string | null;
  readonly metric: string;
  readonly unit: string;
  readonly worse: "higher" | "lower";
  /** Allowed worsening: relative on the `log` scale, absolute on the `difference` scale. */
  readonly limit: number;
  /** `log`: ratios. `difference`: shares such as errors, with the mean and an absolute limit. */
  readonly scale: "log" | "difference";
  /** A worsening below this is never a regression; in `unit`. */
  readonly floor: number;
  readonly gated: boolean;
  /** Whether `pass` waits until this cell is shown to be within its limit. */
  readonly proof: boolean;
  /** A worsening up to this was accepted by a person; in the unit of `limit`. `null`: nothing was accepted. */
  readonly accepted: number | null;
  /** Arm -> one value a block, the same number for every arm. */
  readonly values: Readonly<Record<string, readonly number[]>>;
}

/** Recorded observations of an experiment, from any tool. */
export interface Observations {
  readonly schema: typeof OBSERVATIONS_SCHEMA;
  readonly baseline: string;
  /** A second copy of the baseline among the arms, which must not differ from it; `null` where there is none. */
  readonly control: string | null;
  readonly alpha: number;
  /** Numbers of blocks at which it is judged; empty: once, with all blocks. */
  readonly looks: readonly number[];
  readonly seed: number;
  /** Test against the limit itself instead of 0.4 of it. */
  readonly strict: boolean;
  readonly cells: readonly ObservedCell[];
}

export type CellVerdictName = "regressed" | "improved" | "unchanged" | "inconclusive";

/** The answer for one cell and one candidate arm. */
export interface JudgedCell {
  readonly scenario: string | null;
  readonly metric: string;
  readonly arm: string;
  readonly gated: boolean;
  readonly proof: boolean;
  /** Medians over blocks, in the cell's unit. */
  readonly baseline: number;
  readonly candidate: number;
  /** Of the log ratio (or difference), signed so that positive is worse. */
  readonly trimmedMean: number;
  readonly standardError: number;
  readonly t: number;
  /** Family-wise adjusted; `null` for a cell that is not gated. */
  readonly pAdjusted: number | null;
  /** Change of the metric in its own direction, candidate over baseline minus one (or the difference). */
  readonly change: number;
  /** Two-sided 95 % interval of `change`. */
  readonly low: number;
  readonly high: number;
  readonly verdict: CellVerdictName;
  /** Smallest worsening that would have been found with 80 % probability; as a change, always positive. */
  readonly minimumDetectable: number;
}

/** The answer to a document: what the statistics alone say. */
export interface Judgement {
  readonly verdict: "regression" | "pass" | "inconclusive";
  /** Number of blocks judged at the deciding look. */
  readonly look: number;
  readonly cells: readonly JudgedCell[];
}
