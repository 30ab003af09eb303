import { quoted } from "../text/escape.js";
import type { Plan } from "../model/plan.js";
import type { ResultCell } from "../model/result.js";
import type { Overload } from "./overload.js";
import {
  formatDuration,
  formatLimitPercent,
  formatNumber,
  formatPercent,
  formatPercentagePoints,
} from "../text/format-quantity.js";

/** How many cells a sentence names before it counts the rest. */
const NAMED = 3;

/** Which arms a sentence has to tell apart. */
export type ArmNames = Pick<Plan, "arms" | "baseline">;

/** "p95 of `list users`", "memory of the service"; with the arm where more than one is compared. */
export function describeCell(cell: Pick<ResultCell, "scenario" | "metric" | "arm">, plan: ArmNames): string {
  const what = cell.metric === "cpu" ? "CPU per request" : cell.metric;
  const where = cell.scenario === null ? "the service" : quoted(cell.scenario);
  const candidates = plan.arms.filter((arm) => arm.name !== plan.baseline && arm.role !== "control");
  const only = candidates.length === 1 && candidates[0]?.name === cell.arm;
  return `${what} of ${where}${only ? "" : ` in ${quoted(cell.arm)}`}`;
}

/** "p95 of `list users` is 12.3 % slower (limit 7.5 %, 95 % interval 9.8 % to 14.9 %)". */
export function describeWorsening(cell: ResultCell, plan: ArmNames): string {
  const name = describeCell(cell, plan);
  const [low, high] = worseningInterval(cell);
  const worsening = worseningOf(cell);
  if (cell.metric === "errors") {
    const from = `from ${formatPercent(cell.baseline ?? NaN)} to ${formatPercent(cell.candidate ?? NaN)} in the median block`;
    return (
      `${name} are ${formatPercentagePoints(worsening)} more, ${from} ` +
      `(limit ${formatPercentagePoints(cell.limit ?? NaN)}, 95 % interval ${range(low, high, formatPercentagePoints)})`
    );
  }
  const limit = cell.limit === null ? "no limit" : `limit ${formatLimitPercent(cell.limit)}`;
  return `${name} is ${formatPercent(worsening)} ${comparative(cell)} (${limit}, 95 % interval ${range(low, high, formatPercent)})`;
}

/** A cell that could not be settled: where it lies, and what would have been found. */
export function describeUnsettled(cell: ResultCell, plan: ArmNames): string {
  const name = describeCell(cell, plan);
  if (cell.low === null || cell.high === null) return `${name} was not measured often enough`;
  const shown = cell.metric === "errors" ? formatPercentagePoints : formatPercent;
  const seen =
    cell.minimumDetectable === null
      ? "no change would have been clear yet"
      : `a worsening of ${shown(cell.minimumDetectable)} would have been found`;
  return `${name} (95 % interval of its change ${range(cell.low, cell.high, shown)}; ${seen})`;
}

export function describeOverload(overload: Overload): string {
  const { scenario, arm, ratePerSecond, candidatePerSecond, baselinePerSecond } = overload;
  return (
    `${quoted(arm)} can serve ${formatNumber(candidatePerSecond)} of the ${formatNumber(ratePerSecond)} requests/s ` +
    `that ${quoted(scenario)} is offered, and the baseline can serve ${formatNumber(baselinePerSecond)}`
  );
}

export function describeFailing(cell: ResultCell, plan: ArmNames): string {
  const shares = [cell.candidate, cell.baseline].map((share) => formatPercent(share ?? NaN));
  const name = describeCell(cell, plan).replace(/^errors of /, "");
  return `requests to ${name} fail: ${shares[0]!} in the median block, against ${shares[1]!} of the baseline's`;
}

/** Names a few of many: "a; b; c; and 4 more". */
export function listed(items: readonly string[]): string {
  const rest = items.length - NAMED;
  const first = items.slice(0, NAMED);
  if (rest > 0) return `${first.join("; ")}; and ${rest} more`;
  return first.join("; ");
}

/** A time of measuring, rounded up to whole minutes. */
export function formatMinutes(ms: number): string {
  return formatDuration(Math.ceil(ms / 60_000) * 60_000_000).replace(/^60 s$/, "1 min");
}

/** How much worse, positive for worse. */
export function worseningOf(cell: Pick<ResultCell, "metric" | "change">): number {
  const change = cell.change ?? NaN;
  return cell.metric === "throughput" ? -change : change;
}

function worseningInterval(cell: ResultCell): readonly [number, number] {
  const low = cell.low ?? NaN;
  const high = cell.high ?? NaN;
  return cell.metric === "throughput" ? [-high, -low] : [low, high];
}

function comparative({ metric }: ResultCell): string {
  switch (metric) {
    case "p50":
    case "p90":
    case "p95":
    case "p99":
      return "slower";
    case "throughput":
      return "lower";
    case "cpu":
    case "memory":
    case "errors":
      return "higher";
  }
}

function range(low: number, high: number, shown: (ratio: number) => string): string {
  return `${shown(low)} to ${shown(high)}`;
}
