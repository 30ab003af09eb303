import type { FailOn } from "../config/inputs.js";
import type { RunVerdict } from "../model/result.js";

/**
 * 0 no regression (also no baseline), 1 regression, 2 could not be measured, 3 inconclusive where that is asked to
 * fail. `fail-on: never` forgives a regression, not a run that could not be measured.
 */
export function exitCodeOf(verdict: RunVerdict, failOn: FailOn): 0 | 1 | 2 | 3 {
  switch (verdict) {
    case "regression":
      return failOn === "never" ? 0 : 1;
    case "invalid":
      return 2;
    case "inconclusive":
      return failOn === "inconclusive" ? 3 : 0;
    case "pass":
    case "no-baseline":
      return 0;
  }
}
