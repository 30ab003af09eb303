import {
  formatChange,
  formatChangeSize,
  formatLimitWithFloor,
  isWidened,
} from "../../metrics/format-change.js";
import { descriptorOf } from "../../metrics/metrics.js";
import type { ResultCell } from "../../model/result.js";
import { formatInUnit } from "../../text/format-quantity.js";

/** "+8.1 % [+6.2 %, +10.0 %]"; without an interval the change alone; a dash where there is no number. */
export function changeWithInterval(cell: Pick<ResultCell, "metric" | "change" | "low" | "high">): string {
  if (cell.change === null) return "–";
  const metric = descriptorOf(cell.metric);
  const change = formatChange(metric, cell.change);
  if (cell.low === null || cell.high === null) return change;
  return `${change} [${formatChange(metric, cell.low)}, ${formatChange(metric, cell.high)}]`;
}

type Limited = Pick<ResultCell, "metric" | "limit" | "floor" | "effectiveLimit"> & { readonly unit: string };

/** The gate's limit as its author wrote it, with the floor where that allows more; a dash where there is no gate. */
export function limitOrDash(cell: Limited): string {
  const { limit } = cell;
  return limit === null ? "–" : formatLimitWithFloor(descriptorOf(cell.metric), { ...cell, limit });
}

/** What the change is compared with, alone, for a narrow column: "12.0 %". */
export function shortLimitOrDash(cell: Limited): string {
  return isWidened(cell)
    ? formatChangeSize(descriptorOf(cell.metric), cell.effectiveLimit)
    : limitOrDash(cell);
}

/** ", limit 5 %" after a change in a sentence; nothing where there is no gate. */
export function withLimit(cell: Limited): string {
  return cell.limit === null ? "" : `, limit ${limitOrDash(cell)}`;
}

/** A value in the cell's unit as a narrow column has room for it, or a dash. */
export function valueFigure(value: number | null, unit: string): string {
  return value === null
    ? "–"
    : formatInUnit(value, unit)
        .replace(/\/request$/u, "")
        .replace(/ requests\/s$/u, "/s");
}
