import type { Result } from "../../model/result.js";
import { regressions } from "../../reporters/text/rows.js";
import { describeWorsening } from "../../verdict/reason.js";

export interface Annotation {
  readonly level: "error" | "warning" | "notice";
  readonly title: string;
  readonly message: string;
}

/** The runner shows ten annotations of a level from one step, of 4,096 characters each. */
const MOST_OF_A_LEVEL = 10;
const LONGEST_MESSAGE = 4_000;
const LONGEST_TITLE = 120;

/**
 * The annotations of a run: an error for each regression, and one line for any other verdict that needs a look.
 *
 * @param fails whether the job fails over this verdict; if not, nothing is shown as an error
 */
export function annotationsOf(result: Result, fails: boolean): Annotation[] {
  const level = fails ? "error" : "warning";
  switch (result.verdict) {
    case "pass":
      return [];
    case "regression": {
      const cells = regressions(result);
      const shown = cells.length > MOST_OF_A_LEVEL ? cells.slice(0, MOST_OF_A_LEVEL - 1) : cells;
      const rest = cells.length - shown.length;
      const lines = shown.map((cell) =>
        cell.change === null ? result.reason : describeWorsening(cell, result.plan),
      );
      if (rest > 0) lines.push(`and ${rest} more regressions; the job summary has them all`);
      if (lines.length === 0) lines.push(result.reason);
      return lines.map((line) => annotation(level, "Tailgate: regression", line));
    }
    case "inconclusive":
      return [annotation(fails ? "error" : "warning", "Tailgate: inconclusive", result.reason)];
    case "no-baseline":
      return [annotation("notice", "Tailgate: no baseline", result.reason)];
    case "invalid":
      return [annotation("error", "Tailgate: could not measure", result.reason)];
  }
}

function annotation(level: Annotation["level"], title: string, message: string): Annotation {
  return { level, title: cut(title, LONGEST_TITLE), message: cut(message, LONGEST_MESSAGE) };
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 3)}...`;
}
