import { descriptorOf } from "../metrics/metrics.js";
import type { HistoryLine } from "../model/history-line.js";
import { tQuantile } from "../stats/student-t.js";
import type { CommitOrder } from "./commit-order.js";
import type { HistorySeries } from "./series.js";

/** A change since the start of the chain, with its 95 % interval. */
interface ChainedChange {
  readonly change: number;
  readonly low: number;
  readonly high: number;
}

/** One stored run of the chain, and what has come together up to its head. */
export interface ChainLink extends ChainedChange {
  readonly line: HistoryLine;
  /** Whether its base is another commit than the head of the link before: what lies between was not measured. */
  readonly afterGap: boolean;
}

/** Paired changes one after another, from a commit to the newest one. */
export interface Chain {
  readonly links: readonly ChainLink[];
  readonly gaps: number;
}

/**
 * Chains the paired changes of a series since a commit: ratios are multiplied, differences added. Each was measured on its
 * own machine side by side, so that the chain does not carry the differences between machines. The links are independent
 * runs: their variances add.
 *
 * @param since - the commit to begin with; `null`: the oldest stored one
 */
export function chainSince(series: HistorySeries, order: CommitOrder, since: string | null): Chain {
  const from = since === null ? -1 : (order.placeOf(since) ?? -1);
  return linked(pathFrom(steps(series, order), from), since);
}

/** Runs one after another as a chain. */
export function linked(lines: readonly HistoryLine[], since: string | null): Chain {
  const links: ChainLink[] = [];
  let sum = 0;
  let variance = 0;
  let reached: string | null = since;
  for (const line of lines) {
    const log = descriptorOf(line.metric).scale === "log";
    const { step, error } = stepOf(line, log);
    sum += step;
    variance += error ** 2;
    const reach = NORMAL * Math.sqrt(variance);
    links.push({
      line,
      afterGap: reached !== null && line.base.sha !== reached,
      change: changeOf(sum, log),
      low: changeOf(sum - reach, log),
      high: changeOf(sum + reach, log),
    });
    reached = line.head.sha;
  }
  return { links, gaps: links.filter(({ afterGap }) => afterGap).length };
}

/** The newest line that compares a commit with its branch's head side by side; `null`: there is none. */
export function directSince(series: HistorySeries, order: CommitOrder, since: string): HistoryLine | null {
  const direct = series.lines.filter(
    (line) => line.base.sha === since && isMeasured(line) && order.placeOf(line.head.sha) !== undefined,
  );
  return direct.reduce<HistoryLine | null>(
    (newest, line) =>
      newest === null || order.placeOf(line.head.sha)! > order.placeOf(newest.head.sha)! ? line : newest,
    null,
  );
}

/** The 97.5 % quantile of the normal distribution, as that of Student's t with many degrees of freedom. */
const NORMAL = tQuantile(0.975, 1e9);

interface Step {
  readonly line: HistoryLine;
  readonly from: number;
  readonly to: number;
}

/** Runs of commits of the branch, oldest first: of each head the run with the nearest base, and of several the first. */
function steps(series: HistorySeries, order: CommitOrder): Step[] {
  const byHead = new Map<number, Step>();
  for (const line of series.lines) {
    const [from, to] = [order.placeOf(line.base.sha), order.placeOf(line.head.sha)];
    if (from === undefined || to === undefined || from >= to || !isMeasured(line)) continue;
    const known = byHead.get(to);
    // A repetition that was made because of its outcome would bias the chain.
    if (known === undefined || known.from < from) byHead.set(to, { line, from, to });
  }
  return [...byHead.values()].sort((a, b) => a.to - b.to);
}

/** The runs that lead from the newest commit back to `from`, no stretch measured twice; oldest first. */
function pathFrom(all: readonly Step[], from: number): HistoryLine[] {
  const path: HistoryLine[] = [];
  let until = Infinity;
  for (const step of all.toReversed()) {
    if (step.to > until || step.from < from) continue;
    path.unshift(step.line);
    until = step.from;
  }
  return path;
}

function isMeasured({ change, low, high }: HistoryLine): boolean {
  return change !== null && low !== null && high !== null && low <= change && change <= high && change > -1;
}

/** A change and its standard error on the scale on which changes add up. */
function stepOf({ change, low, high }: HistoryLine, log: boolean): { step: number; error: number } {
  const scaled = (value: number): number => (log ? Math.log1p(Math.max(value, -0.999_999)) : value);
  return { step: scaled(change!), error: (scaled(high!) - scaled(low!)) / (2 * NORMAL) };
}

function changeOf(sum: number, log: boolean): number {
  return log ? Math.expm1(sum) : sum;
}
