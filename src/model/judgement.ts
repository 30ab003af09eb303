/** What the statistics can say of a cell. */
export const CELL_VERDICTS = ["regressed", "improved", "unchanged", "inconclusive"] as const;
export type CellVerdictName = (typeof CELL_VERDICTS)[number];

/** What is said of one cell and one candidate arm. */
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
  /** The limit or the floor, whichever is more, in the unit of the limit: what the verdict compares with. */
  readonly effectiveLimit: number;
  readonly verdict: CellVerdictName;
  /** Smallest worsening that would have been found with 80 % probability; as a change, always positive. */
  readonly minimumDetectable: number;
}

/** What the statistics alone say. */
export interface Judgement {
  readonly verdict: "regression" | "pass" | "inconclusive";
  /** Number of blocks judged at the deciding look. */
  readonly look: number;
  readonly cells: readonly JudgedCell[];
}
