import {
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

/** A limit in a sentence, as its author wrote it: "7.5 %", "0.1 percentage points". */
export function spellOutLimit({ scale }: Scaled, limit: number): string {
  switch (scale) {
    case "log":
      return formatLimitPercent(limit);
    case "difference":
      return formatPercentagePoints(limit);
  }
}
