import { descriptorOf } from "../metrics/metrics.js";
import { spellOutChange, spellOutLimit } from "../metrics/format-change.js";
import { quoted } from "../text/escape.js";
import { addReasons, describeReason } from "../metrics/failure-reasons.js";
import type { Block } from "../model/block.js";
import type { Plan } from "../model/plan.js";
import type { ResultCell } from "../model/result.js";
import type { Overload } from "./overload.js";
import { formatDuration, formatNumber, formatPercent } from "../text/format-quantity.js";

/** How many cells a sentence names before it counts the rest. */
const NAMED = 3;

/** Which arms a sentence has to tell apart. */
export type ArmNames = Pick<Plan, "arms" | "baseline">;

/** "p95 of `list users`", "memory of the service"; with the arm where more than one is compared. */
export function describeCell(cell: Pick<ResultCell, "scenario" | "metric" | "arm">, plan: ArmNames): string {
  return `${descriptorOf(cell.metric).wording.subject} of ${describePlace(cell, plan)}`;
}

function describePlace({ scenario, arm }: Pick<ResultCell, "scenario" | "arm">, plan: ArmNames): string {
  const where = scenario === null ? "the service" : quoted(scenario);
  const candidates = plan.arms.filter(({ name, role }) => name !== plan.baseline && role !== "control");
  const only = candidates.length === 1 && candidates[0]?.name === arm;
  return `${where}${only ? "" : ` in ${quoted(arm)}`}`;
}

/** "p95 of `list users` is 12.3 % slower (limit 7.5 %, 95 % interval 9.8 % to 14.9 %)". */
export function describeWorsening(cell: ResultCell, plan: ArmNames): string {
  const metric = descriptorOf(cell.metric);
  const { verb, worse } = metric.wording;
  const size = `${describeCell(cell, plan)} ${verb} ${spellOutChange(metric, worseningOf(cell))} ${worse}`;
  const limit =
    cell.limit === null ? "no limit" : `limit ${spellOutLimit(metric, { ...cell, limit: cell.limit })}`;
  const [low, high] = worseningInterval(cell).map((end) => spellOutChange(metric, end));
  const known = `(${limit}, 95 % interval ${low!} to ${high!})`;
  switch (metric.scale) {
    case "log":
      return `${size} ${known}`;
    case "difference": {
      const [from, to] = [cell.baseline, cell.candidate].map((share) => formatPercent(share ?? NaN));
      return `${size}, from ${from!} to ${to!} in the median block ${known}`;
    }
  }
}

/** A cell that could not be settled: where it lies, and what would have been found. */
export function describeUnsettled(cell: ResultCell, plan: ArmNames): string {
  const name = describeCell(cell, plan);
  if (cell.low === null || cell.high === null) return `${name} was not measured often enough`;
  const metric = descriptorOf(cell.metric);
  const seen =
    cell.minimumDetectable === null
      ? "no change would have been clear yet"
      : `a worsening of ${spellOutChange(metric, cell.minimumDetectable)} would have been found`;
  const interval = `${spellOutChange(metric, cell.low)} to ${spellOutChange(metric, cell.high)}`;
  return `${name} (95 % interval of its change ${interval}; ${seen})`;
}

export function describeOverload(overload: Overload): string {
  const { scenario, arm, ratePerSecond, candidatePerSecond, baselinePerSecond } = overload;
  return (
    `${quoted(arm)} can serve ${formatNumber(candidatePerSecond)} of the ${formatNumber(ratePerSecond)} requests/s ` +
    `that ${quoted(scenario)} is offered, and the baseline can serve ${formatNumber(baselinePerSecond)}`
  );
}

/** Reasons named in a sentence. */
const REASONS = 2;

export function describeFailing(cell: ResultCell, plan: ArmNames, blocks: readonly Block[]): string {
  const shares = [cell.candidate, cell.baseline].map((share) => formatPercent(share ?? NaN));
  const reasons = blocks.flatMap((block) => block.arms[cell.arm]?.scenarios[cell.scenario!]?.reasons ?? []);
  // Text of the service: nothing in it may end the code span.
  const named = addReasons(reasons)
    .slice(0, REASONS)
    .map((reason) => quoted(describeReason(reason)));
  const why = named.length === 0 ? "" : ` (most often ${named.join(" and ")})`;
  return `requests to ${describePlace(cell, plan)} fail${why}: ${shares[0]!} in the median block, against ${shares[1]!} of the baseline's`;
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
export function worseningOf({ metric, change }: Pick<ResultCell, "metric" | "change">): number {
  return descriptorOf(metric).worse === "higher" ? (change ?? NaN) : -(change ?? NaN);
}

function worseningInterval({ metric, low, high }: ResultCell): readonly [number, number] {
  const [lowest, highest] = [low ?? NaN, high ?? NaN];
  return descriptorOf(metric).worse === "higher" ? [lowest, highest] : [-highest, -lowest];
}
