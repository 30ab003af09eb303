import type { Acceptance, Plan } from "../model/plan.js";
import type { Metric } from "../metrics/metrics.js";
import type { ResultCell, Warning } from "../model/result.js";
import { quoted } from "../text/escape.js";
import { formatLimitPercent } from "../text/format-quantity.js";

/** Whether an entry speaks of this cell; without a scenario it speaks of the metric wherever it is measured. */
function speaksOf(acceptance: Acceptance, scenario: string | null, metric: Metric): boolean {
  return acceptance.metric === metric && (acceptance.scenario === null || acceptance.scenario === scenario);
}

/** @param today - `YYYY-MM-DD`, UTC; an entry still holds on its last day */
function hasExpired(acceptance: Acceptance, today: string): boolean {
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

/** Entries that do nothing any more, so that they do not outlive their reason unseen. */
export function acceptanceWarnings(plan: Plan, cells: readonly ResultCell[], today: string): Warning[] {
  return plan.accept.flatMap((entry) => {
    const where = entry.scenario === null ? "" : ` of ${quoted(entry.scenario)}`;
    const name = `the accepted slow-down of ${entry.metric}${where} (up to ${formatLimitPercent(entry.limit)}, until ${entry.until})`;
    if (hasExpired(entry, today)) {
      return { code: "acceptance-expired", message: `${name} has expired and no longer holds` };
    }
    const meant = cells.filter((cell) => speaksOf(entry, cell.scenario, cell.metric));
    if (meant.length === 0) {
      return { code: "acceptance-unused", message: `${name} matches nothing that is measured` };
    }
    if (meant.every((cell) => cell.verdict === "unchanged" || cell.verdict === "improved")) {
      return {
        code: "acceptance-unused",
        message: `${name} is not needed: it is within its limit without it`,
      };
    }
    return [];
  });
}
