import type { Acceptance, Metric, Plan } from "../config/plan.js";

/** Whether an entry speaks of this cell; without a scenario it speaks of the metric wherever it is measured. */
export function speaksOf(acceptance: Acceptance, scenario: string | null, metric: Metric): boolean {
  return acceptance.metric === metric && (acceptance.scenario === null || acceptance.scenario === scenario);
}

/** @param today - `YYYY-MM-DD`, UTC; an entry still holds on its last day */
export function hasExpired(acceptance: Acceptance, today: string): boolean {
  return acceptance.until < today;
}

/** The most generous entry in force for a cell. */
export function acceptanceFor(
  plan: Plan,
  scenario: string | null,
  metric: Metric,
  today: string,
): Acceptance | null {
  return plan.accept
    .filter((entry) => speaksOf(entry, scenario, metric) && !hasExpired(entry, today))
    .reduce<Acceptance | null>(
      (most, entry) => (most === null || entry.limit > most.limit ? entry : most),
      null,
    );
}
