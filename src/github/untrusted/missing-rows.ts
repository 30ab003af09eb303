import { descriptorOf, SCENARIO_METRICS, SERVICE_METRICS } from "../../metrics/metrics.js";
import { serviceGateKey } from "../../model/gates-plan.js";
import type { Plan } from "../../model/plan.js";
import type { ResultCell, Warning } from "../../model/result.js";

const MOST_NAMED = 10;

/** A row that the base branch's configuration has a limit for. */
type Row = Pick<ResultCell, "scenario" | "metric">;

/**
 * Names the rows that have a limit and no number. Whoever claims to have measured decides what is in the claim: what is
 * left out would otherwise pass without a word.
 */
export function missingRows(plan: Plan, cells: readonly ResultCell[]): Warning[] {
  const missing = rowsWithLimits(plan).filter(
    (row) => !cells.some((cell) => isOf(cell, row) && isSettledByNumbers(cell)),
  );
  if (missing.length === 0) return [];
  const named = missing.slice(0, MOST_NAMED).map(rowName);
  const rest = missing.length > MOST_NAMED ? ` and ${missing.length - MOST_NAMED} more` : "";
  const message = `missing from what the run stored, although the base branch has limits for them: ${named.join(", ")}${rest}`;
  return [{ code: "missing-rows", message }];
}

function rowsWithLimits(plan: Plan): Row[] {
  const ofScenarios = plan.scenarios.flatMap(({ name, gates }) =>
    SCENARIO_METRICS.flatMap(({ name: metric }) =>
      gates[metric] === null ? [] : [{ scenario: name, metric }],
    ),
  );
  const ofService = SERVICE_METRICS.flatMap(({ name: metric }) =>
    plan[serviceGateKey(metric)] === null ? [] : [{ scenario: null, metric }],
  );
  return [...ofScenarios, ...ofService];
}

function isOf(cell: Row, row: Row): boolean {
  return cell.scenario === row.scenario && cell.metric === row.metric;
}

/** Overload and failing requests are verdicts without a number of their own. */
function isSettledByNumbers({ verdict, baseline, candidate }: ResultCell): boolean {
  return verdict === "overloaded" || verdict === "failing" || (baseline !== null && candidate !== null);
}

function rowName({ scenario, metric }: Row): string {
  const { label } = descriptorOf(metric);
  return scenario === null ? label : `${label} of \`${scenario}\``;
}
