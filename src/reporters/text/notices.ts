import type { ResultCell } from "../../model/result.js";
import { formatChangeSize, formatLimit } from "../../metrics/format-change.js";
import { descriptorOf } from "../../metrics/metrics.js";
import { changeWithInterval, limitOrDash } from "./figures.js";
import { cellLabel } from "./headline.js";
import type { Result } from "../../model/result.js";
import { groupRows } from "./rows.js";
import { runnerNotices } from "./runners.js";

/** What has to be said beside the table; plain text, not escaped, one sentence or two each. */
export interface Notices {
  /** Slow-downs that a person has accepted. */
  readonly accepted: readonly string[];
  /** Gated rows that were not settled, with what could have been seen. */
  readonly unsettled: readonly string[];
  /** Differences between the two configuration files, and other notes of the plan. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  /** Rows whose gate is off, with the reason, one line for each reason. */
  readonly ungated: readonly string[];
}

/** Everything beside the table, sorted by kind. */
export function notices(result: Result): Notices {
  const { open, ungated } = groupRows(result);
  return {
    accepted: open.concat(groupRows(result).unchanged).flatMap((cell) => acceptedLine(result, cell)),
    unsettled: open
      .filter((cell) => cell.verdict === "inconclusive" && cell.gated)
      .map((cell) => unsettledLine(result, cell)),
    notes: result.plan.notes,
    warnings: [...runnerNotices(result), ...result.warnings.map((warning) => warning.message)],
    ungated: reasons(result, ungated),
  };
}

function acceptedLine(result: Result, cell: ResultCell): string[] {
  if (cell.accepted === null) return [];
  const { limit, until, reason } = cell.accepted;
  return [
    `${cellLabel(result, cell)}: ${changeWithInterval(cell)} was accepted, up to ${formatLimit(descriptorOf(cell.metric), limit)} and until ${until}: ${reason}`,
  ];
}

function unsettledLine(result: Result, cell: ResultCell): string {
  const metric = descriptorOf(cell.metric);
  const limit = cell.limit === null ? "" : ` (limit ${limitOrDash(cell)})`;
  const seen =
    cell.minimumDetectable === null
      ? "these blocks are too few to find a change of any size"
      : `a worsening of ${formatChangeSize(metric, cell.minimumDetectable)} or more would have been found in 8 of 10 runs`;
  const proof = cell.proof ? "" : "; a pass does not wait for it";
  return `${cellLabel(result, cell)}${limit}: ${seen}${proof}`;
}

/** Rows that share a reason share a line: two hundred scenarios must not give two hundred lines. */
function reasons(result: Result, cells: readonly ResultCell[]): string[] {
  const byReason = new Map<string, ResultCell[]>();
  for (const cell of cells) {
    if (cell.ungatedBecause === null) continue;
    const group = byReason.get(cell.ungatedBecause);
    if (group === undefined) byReason.set(cell.ungatedBecause, [cell]);
    else group.push(cell);
  }
  return Array.from(byReason, ([reason, group]) => {
    const named = group.slice(0, 3).map((cell) => cellLabel(result, cell));
    const rest = group.length > 3 ? ` and ${group.length - 3} more` : "";
    return `${named.join(", ")}${rest}: not gated, ${reason}`;
  });
}
