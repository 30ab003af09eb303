import { MINIMUM_BLOCKS, type Spending } from "../stats/alpha-spending.js";
import { smallestDetectable } from "../stats/detectable.js";
import { tQuantile } from "../stats/student-t.js";
import type { Evidence } from "./evidence.js";
import type { CellVerdictName, JudgedCell, Judgement } from "../model/judgement.js";
import { asChange, changeInterval, CONFIDENCE, type TestedRow } from "./tested-row.js";

/** The answer at a look; `null`: nothing is clear and blocks may follow. */
export function decide(evidence: Evidence, spending: Spending): Judgement["verdict"] | null {
  const open = spending.last ? "inconclusive" : null;
  if (evidence.blocks < MINIMUM_BLOCKS) return open;
  const control = evidence.members("control");
  // A second copy of the baseline that differs from it shows that the comparison itself is off.
  if (control.some((row) => isWorse(evidence, row, spending) || isBetter(evidence, row, spending))) {
    return "inconclusive";
  }
  const gated = evidence.members("gated");
  if (gated.some((row) => row.location.mean >= row.tolerated && isWorse(evidence, row, spending))) {
    return "regression";
  }
  const toProve = gated.filter((row) => row.cell.proof);
  // Where nothing asks for proof, every look is used before silence counts as an answer.
  if (toProve.length === 0) return spending.last && gated.length > 0 ? "pass" : open;
  return toProve.every((row) => row.silent || upperBound(row, spending) < row.tolerated) ? "pass" : open;
}

/** What can be said of one row at a look. */
export function judgedCell(evidence: Evidence, row: TestedRow, spending: Spending): JudgedCell {
  const { cell, location } = row;
  const detectable = smallestDetectable({
    ...location,
    criticalT: evidence.criticalT(row, spending.alpha),
    limit: row.limit,
    negligible: row.negligible,
  });
  return {
    scenario: cell.scenario,
    metric: cell.metric,
    arm: row.arm,
    gated: cell.gated,
    proof: cell.proof,
    baseline: row.baseline,
    candidate: row.candidate,
    trimmedMean: location.mean,
    standardError: location.standardError,
    t: (location.mean - row.negligible) / location.standardError,
    pAdjusted: cell.gated ? evidence.p(row, "worse") : null,
    ...changeInterval(row),
    verdict: cellVerdict(evidence, row, spending),
    minimumDetectable: detectable === Infinity ? Infinity : Math.abs(asChange(cell, detectable)),
  };
}

function cellVerdict(evidence: Evidence, row: TestedRow, spending: Spending): CellVerdictName {
  if (row.silent) return "unchanged";
  if (evidence.blocks < MINIMUM_BLOCKS) return "inconclusive";
  if (isWorse(evidence, row, spending)) return "regressed";
  if (isBetter(evidence, row, spending)) return "improved";
  return upperBound(row, spending) < row.limit ? "unchanged" : "inconclusive";
}

function isWorse(evidence: Evidence, row: TestedRow, { alpha }: Spending): boolean {
  return row.location.mean >= row.limit && evidence.p(row, "worse") <= alpha;
}

function isBetter(evidence: Evidence, row: TestedRow, { alpha }: Spending): boolean {
  return -row.location.mean >= row.limit && evidence.p(row, "better") <= alpha;
}

/**
 * Upper end of what the row may truly be. Where a single look could spend all of beta, the two-sided interval that is
 * shown reaches further than the one-sided bound; the further one counts, so that a row shown to be within its limit
 * never has an interval that crosses it.
 */
function upperBound({ location }: TestedRow, { beta }: Spending): number {
  if (beta <= 0) return Infinity;
  const probability = Math.max(1 - beta, (1 + CONFIDENCE) / 2);
  return location.mean + tQuantile(probability, location.degreesOfFreedom) * location.standardError;
}
