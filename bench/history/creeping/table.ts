import { chainSince } from "../../../src/history/chain.js";
import { commitOrder } from "../../../src/history/commit-order.js";
import { linesOfResult } from "../../../src/history/lines-of-result.js";
import { seriesOf } from "../../../src/history/series.js";
import type { Result } from "../../../src/model/result.js";
import { formatDuration, formatSignedPercent } from "../../../src/text/format-quantity.js";
import { MERGES_A_WEEK, RELEASE } from "./repository.js";

/** One run of the ten weeks. */
export interface MeasuredRun {
  readonly week: number;
  /** The branch against its release; else a merge against the one before. */
  readonly weekly: boolean;
  readonly result: Result;
}

interface Interval {
  readonly change: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

const METRIC = "cpu";

/** Each week: what the comparison with the release says, and where the chain of all merges until then stands. */
export function creepTable(runs: readonly MeasuredRun[], commits: readonly string[]): string {
  const weekly = runs.filter((run) => run.weekly);
  const rows = weekly.map(({ week, result }) => {
    const regressed = result.cells.filter((cell) => cell.gated && cell.verdict === "regressed");
    const direct = result.cells.find((cell) => cell.metric === METRIC);
    const cells = [
      week,
      week * MERGES_A_WEEK,
      result.verdict,
      regressed.map(({ metric }) => metric).join(", "),
      inWords(direct ?? null),
      inWords(chained(runs, week, commits)),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  const alarm = weekly.find(({ result }) => result.verdict === "regression")?.week;
  const seen = weekly.find(({ week }) => (chained(runs, week, commits)?.low ?? 0) > 0)?.week;
  const spentMs = runs.reduce((sum, { result }) => sum + result.durationMs, 0);
  return [
    `| week | merges | against ${RELEASE} | regressed | CPU per request since then, side by side | CPU per request, chained |`,
    "| ---: | ---: | --- | --- | --- | --- |",
    ...rows,
    "",
    `Alarm: ${alarm === undefined ? "not yet" : `week ${alarm}`}. The chain is above 0: ${seen === undefined ? "not yet" : `since week ${seen}`}. ` +
      `${runs.length} runs in ${formatDuration(1000 * spentMs)}.`,
  ].join("\n");
}

/** Of the merges alone: the comparisons with the release are what it is held against. */
function chained(runs: readonly MeasuredRun[], week: number, commits: readonly string[]): Interval | null {
  const merges = runs.filter((run) => !run.weekly && run.week <= week);
  const lines = merges.flatMap(({ result }) => linesOfResult(result));
  const series = seriesOf(lines).find(({ metric }) => metric === METRIC);
  if (series === undefined) return null;
  const release = { name: RELEASE, sha: commits[0]! };
  return chainSince(series, commitOrder(commits.toReversed(), [release]), release.sha).links.at(-1) ?? null;
}

function inWords(interval: Interval | null): string {
  if (interval === null || interval.change === null || interval.low === null || interval.high === null)
    return "";
  const { change, low, high } = interval;
  return `${formatSignedPercent(change)} [${formatSignedPercent(low)}, ${formatSignedPercent(high)}]`;
}
