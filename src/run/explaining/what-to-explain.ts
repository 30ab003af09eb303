import type { Result } from "../../model/result.js";
import { candidateNames, regressions } from "../../reporters/text/rows.js";

/** The candidate that is to be held against the baseline, and the scenario whose load runs; `null`: that of no scenario. */
export interface WhatToExplain {
  readonly candidate: string;
  readonly scenario: string | null;
}

/**
 * What of a result asks for an explanation: the worst regression; where the plan wants one always, else what changed most
 * for the worse. `null`: nothing, or the plan wants none.
 */
export function whatToExplain(result: Result): WhatToExplain | null {
  const { verdict, plan } = result;
  const { explain = "never" } = plan;
  if (explain === "never" || verdict === "invalid" || verdict === "no-baseline") return null;
  const [worst] = regressions(result);
  if (worst !== undefined && verdict === "regression")
    return { candidate: worst.arm, scenario: worst.scenario };
  if (explain !== "always") return null;
  const [candidate] = candidateNames(result);
  if (candidate === undefined) return null;
  const latencies = result.cells
    .filter(({ arm, scenario, unit }) => arm === candidate && scenario !== null && unit === "us")
    .sort((a, b) => (b.change ?? 0) - (a.change ?? 0));
  return { candidate, scenario: latencies[0]?.scenario ?? null };
}
