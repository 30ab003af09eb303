import {
  formatInUnit,
  formatLimitPercent,
  formatNumber,
  formatPercent,
  formatPercentagePoints,
  formatSignedPercent,
} from "../text/format-quantity.js";
import type { MetricScale } from "./metric-descriptor.js";

/*
 * Changes, limits and sizes of changes as a table has room for them, and spelled out as a sentence has them.
 */

/** What says how a change is printed: a descriptor, or a cell of observations. */
interface Scaled {
  readonly scale: MetricScale;
}

/** A change with its sign: "+12.3 %", for differences in percentage points "+0.2 pp". */
export function formatChange({ scale }: Scaled, change: number): string {
  switch (scale) {
    case "log":
      return formatSignedPercent(change);
    case "difference":
      return `${change > 0 ? "+" : ""}${formatNumber(change * 100)} pp`;
  }
}

/** A limit as its author wrote it: "7.5 %", "0.1 pp". */
export function formatLimit({ scale }: Scaled, limit: number): string {
  const percent = formatLimitPercent(limit);
  switch (scale) {
    case "log":
      return percent;
    case "difference":
      return percent.replace(" %", " pp");
  }
}

/** A limit, and what it is compared as where the floor allows more. */
export interface LimitWithFloor {
  readonly limit: number;
  /** In `unit`. */
  readonly floor: number | null;
  /** Limit or floor, whichever is more, in the unit of the limit; `null` where nothing was judged. */
  readonly effectiveLimit: number | null;
  readonly unit: string;
}

/** "5 %"; where the floor allows more, both and what they come to: "5 % or 0.1 ms: 12.0 %". */
export function formatLimitWithFloor(scaled: Scaled, gate: LimitWithFloor): string {
  return withFloor(gate, formatLimit(scaled, gate.limit), (size) => formatChangeSize(scaled, size));
}

/** A limit that the floor widens by less than this would be printed twice. */
const SAME = 1.01;

/** Whether the floor allows more than the limit, so that both have to be told. */
export function isWidened(
  gate: Omit<LimitWithFloor, "limit"> & { readonly limit: number | null },
): gate is { limit: number; floor: number; effectiveLimit: number; unit: string } {
  const { limit, floor, effectiveLimit } = gate;
  return limit !== null && floor !== null && effectiveLimit !== null && effectiveLimit > SAME * limit;
}

function withFloor(gate: LimitWithFloor, written: string, format: (size: number) => string): string {
  if (!isWidened(gate)) return written;
  return `${written} or ${formatFloor(gate.unit, gate.floor)}: ${format(gate.effectiveLimit)}`;
}

/** A floor as files write it: in milliseconds, as soon as that needs no more than one decimal. */
function formatFloor(unit: string, floor: number): string {
  return unit === "us" && floor >= 100 ? `${formatNumber(floor / 1000)} ms` : formatInUnit(floor, unit);
}

/** A size of change that has no direction, such as the smallest that can be seen: "4.1 %", "0.2 pp". */
export function formatChangeSize({ scale }: Scaled, size: number): string {
  switch (scale) {
    case "log":
      return formatPercent(size);
    case "difference":
      return `${formatNumber(size * 100)} pp`;
  }
}

/** A size of change in a sentence: "12.3 %", "0.2 percentage points". */
export function spellOutChange({ scale }: Scaled, size: number): string {
  switch (scale) {
    case "log":
      return formatPercent(size);
    case "difference":
      return formatPercentagePoints(size);
  }
}

/** A limit in a sentence: "7.5 %", "0.1 percentage points", "5 % or 0.1 ms: 12.0 %". */
export function spellOutLimit(scaled: Scaled, gate: LimitWithFloor): string {
  const written =
    scaled.scale === "log" ? formatLimitPercent(gate.limit) : formatPercentagePoints(gate.limit);
  return withFloor(gate, written, (size) => spellOutChange(scaled, size));
}
