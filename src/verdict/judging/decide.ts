import { MINIMUM_BLOCKS, type Spending } from "../../stats/alpha-spending.js";
import { smallestDetectable } from "../../stats/detectable.js";
import { tQuantile } from "../../stats/student-t.js";
import type { Evidence } from "./evidence.js";
import type { CellVerdictName, JudgedCell, Judgement } from "../../model/judgement.js";
import { asChange, changeInterval, CONFIDENCE, shownReach, type TestedRow } from "./tested-row.js";

/**
 * The decision at a look; `null`: nothing is clear and blocks may follow.
 *
 * @param settledBefore - whether a row that was not measured to this look was settled when its measuring ended
 */
export function decide(
  evidence: Evidence,
  spending: Spending,
  settledBefore: (row: TestedRow) => boolean,
): Judgement["verdict"] | null {
  const open = spending.last ? "inconclusive" : null;
  if (evidence.blocks < MINIMUM_BLOCKS) return open;
  const control = evidence.members("control").filter((row) => evidence.isWhole(row));
  // A second copy of the baseline that differs from it shows that the comparison itself is off.
  if (control.some((row) => isWorse(evidence, row, spending) || isBetter(evidence, row, spending))) {
    return "inconclusive";
  }
  const gated = evidence.members("gated");
  const measured = gated.filter((row) => evidence.isWhole(row));
  if (measured.some((row) => row.location.mean >= row.tolerated && isWorse(evidence, row, spending))) {
    return "regression";
  }
  const toProve = gated.filter((row) => row.cell.proof);
  // Where nothing asks for proof, every look is used before silence counts as a pass.
  if (toProve.length === 0) return spending.last && gated.length > 0 ? "pass" : open;
  const proven = (row: TestedRow): boolean =>
    evidence.isWhole(row) ? isWithin(row, spending) : settledBefore(row);
  return toProve.every(proven) ? "pass" : open;
}

/** Whether a row is shown to be within what it may be: its limit, or what a person accepted. */
export function isWithin(row: TestedRow, spending: Spending): boolean {
  return row.silent || upperBound(row, spending) < row.tolerated;
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
    effectiveLimit: row.effectiveLimit,
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

/**
 * Two tests have to agree: the joint sign flip, which holds the error of the whole family, and the row's own interval,
 * which has to leave out "no change". With few blocks either alone can be sure where the other is not.
 */
function isWorse(evidence: Evidence, row: TestedRow, { alpha }: Spending): boolean {
  const { location, limit } = row;
  return (
    location.mean >= limit && location.mean > shownReach(location) && evidence.isClear(row, "worse", alpha)
  );
}

function isBetter(evidence: Evidence, row: TestedRow, { alpha }: Spending): boolean {
  const { location, limit } = row;
  return (
    -location.mean >= limit && -location.mean > shownReach(location) && evidence.isClear(row, "better", alpha)
  );
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
