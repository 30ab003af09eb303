import { METRICS } from "../../metrics/metrics.js";
import type { CellVerdict, ResultCell } from "../../model/result.js";
import type { Result } from "../../model/result.js";
import { bySeverity } from "../../verdict/severity.js";

/** A cell's verdict as tables name it. */
export const VERDICT_WORDS = {
  regressed: "regressed",
  failing: "failing",
  overloaded: "overloaded",
  improved: "improved",
  inconclusive: "inconclusive",
  "no-baseline": "no baseline",
  unavailable: "not available",
  unchanged: "unchanged",
} as const satisfies Record<CellVerdict, string>;

/** What a reader has to see first comes first. */
const URGENCY: readonly CellVerdict[] = [
  "failing",
  "overloaded",
  "regressed",
  "inconclusive",
  "improved",
  "no-baseline",
  "unavailable",
  "unchanged",
];

/** The rows of a report in the groups in which it shows them, each in the order of reading. */
export interface Rows {
  /** Everything gated that is not unchanged, and what has no baseline; regressions first. */
  readonly open: readonly ResultCell[];
  /** Gated and shown to be within the limit. */
  readonly unchanged: readonly ResultCell[];
  /** Measured and shown only. */
  readonly ungated: readonly ResultCell[];
  /** Base against its second copy. */
  readonly control: readonly ResultCell[];
}

/** Sorts the cells into groups; nothing is left out. */
export function groupRows(result: Result): Rows {
  const controls = new Set(result.arms.filter((arm) => arm.role === "control").map((arm) => arm.name));
  const order = readingOrder(result);
  const candidates = result.cells.filter((cell) => !controls.has(cell.arm));
  const isOpen = (cell: ResultCell): boolean =>
    (cell.gated && cell.verdict !== "unchanged") || cell.verdict === "no-baseline" || isFault(cell);
  return {
    open: worstFirst(candidates.filter(isOpen).sort((a, b) => urgency(a) - urgency(b) || order(a, b))),
    unchanged: candidates.filter((cell) => !isOpen(cell) && cell.gated).sort(order),
    ungated: candidates.filter((cell) => !isOpen(cell) && !cell.gated).sort(order),
    control: result.cells.filter((cell) => controls.has(cell.arm)).sort(order),
  };
}

/** Cells that make a run a regression: gated and worse than allowed, not accepted by anyone. */
export function regressions(result: Result): readonly ResultCell[] {
  const controls = new Set(result.arms.filter((arm) => arm.role === "control").map((arm) => arm.name));
  return groupRows(result).open.filter(
    (cell) =>
      !controls.has(cell.arm) &&
      cell.accepted === null &&
      (isFault(cell) || (cell.gated && cell.verdict === "regressed")),
  );
}

/** The candidates that reports list: without the baseline and without the control. */
export function candidateNames(result: Result): readonly string[] {
  return result.arms
    .filter((arm) => arm.name !== result.plan.baseline && arm.role !== "control")
    .map((arm) => arm.name);
}

/** The row that heading and reason speak of stands first; the others stay in the order of reading. */
function worstFirst(rows: readonly ResultCell[]): readonly ResultCell[] {
  const [first, ...rest] = rows;
  if (first === undefined) return rows;
  const alike = rest.filter((row) => urgency(row) === urgency(first));
  const worst = alike.reduce((so, row) => (bySeverity(row, so) < 0 ? row : so), first);
  return [worst, ...rows.filter((row) => row !== worst)];
}

function isFault(cell: ResultCell): boolean {
  return cell.verdict === "failing" || cell.verdict === "overloaded";
}

function urgency(cell: ResultCell): number {
  const rank = URGENCY.indexOf(cell.verdict);
  // What a person has accepted needs less attention than what nobody has seen.
  return cell.accepted === null ? rank : rank + 0.5;
}

/** Scenarios as the plan lists them, the service last; metrics in their own order; arms as the plan lists them. */
function readingOrder(result: Result): (a: ResultCell, b: ResultCell) => number {
  const scenarios = new Map(result.plan.scenarios.map((scenario, index) => [scenario.name, index]));
  const arms = new Map(result.arms.map((arm, index) => [arm.name, index]));
  const place = (cell: ResultCell): number =>
    cell.scenario === null ? Number.MAX_SAFE_INTEGER : (scenarios.get(cell.scenario) ?? scenarios.size);
  return (a, b) =>
    place(a) - place(b) ||
    (arms.get(a.arm) ?? arms.size) - (arms.get(b.arm) ?? arms.size) ||
    METRICS.indexOf(a.metric) - METRICS.indexOf(b.metric);
}
