import type { Metric } from "../../metrics/metrics.js";
import type { ResultCell } from "../../model/result.js";
import {
  formatInUnit,
  formatLimitPercent,
  formatNumber,
  formatPercent,
  formatSignedPercent,
} from "../../text/format-quantity.js";

/** A metric as a table names it. */
export const METRIC_LABELS = {
  p50: "p50",
  p90: "p90",
  p95: "p95",
  p99: "p99",
  throughput: "throughput",
  cpu: "CPU/request",
  memory: "memory",
  errors: "errors",
} as const satisfies Record<Metric, string>;

/** A change with its sign: relative, for `errors` in percentage points ("pp"). */
export function changeFigure(metric: Metric, change: number): string {
  if (metric !== "errors") return formatSignedPercent(change);
  return `${change > 0 ? "+" : ""}${formatNumber(change * 100)} pp`;
}

/** A limit as its author wrote it. */
export function limitFigure(metric: Metric, limit: number): string {
  return metric === "errors" ? formatLimitPercent(limit).replace(" %", " pp") : formatLimitPercent(limit);
}

/** A size of change that has no direction, such as the smallest that can be seen. */
export function sizeFigure(metric: Metric, size: number): string {
  return metric === "errors" ? `${formatNumber(size * 100)} pp` : formatPercent(size);
}

/** "+8.1 % [+6.2 %, +10.0 %]"; without an interval the change alone; a dash where there is no number. */
export function changeWithInterval(cell: Pick<ResultCell, "metric" | "change" | "low" | "high">): string {
  if (cell.change === null) return "–";
  const change = changeFigure(cell.metric, cell.change);
  if (cell.low === null || cell.high === null) return change;
  return `${change} [${changeFigure(cell.metric, cell.low)}, ${changeFigure(cell.metric, cell.high)}]`;
}

/** A value in the cell's unit, or a dash. */
export function valueFigure(value: number | null, unit: string): string {
  return value === null
    ? "–"
    : formatInUnit(value, unit)
        .replace(/\/request$/u, "")
        .replace(/ requests\/s$/u, "/s");
}
