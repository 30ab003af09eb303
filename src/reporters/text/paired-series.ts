import type { MetricScale } from "../../metrics/metric-descriptor.js";
import type { Block } from "../../model/block.js";
import { MINIMUM_BLOCKS } from "../../stats/alpha-spending.js";
import { TRIM, locate } from "../../stats/location.js";
import { tQuantile } from "../../stats/student-t.js";
import type { ResultCell } from "../../model/result.js";
import { trustedBlocks } from "../../verdict/observations-from-blocks.js";
import { metricOf, valueIn } from "../../verdict/measured-metric.js";
import type { Result } from "../../model/result.js";

/** What one block says of one cell. */
export interface PairedPoint {
  /** Number of the block, from 1. */
  readonly block: number;
  readonly baseline: number;
  readonly candidate: number;
  /** Candidate over baseline minus one, or the difference of shares. */
  readonly change: number;
}

/** The interval as it stood after a number of blocks. */
export interface IntervalPoint {
  readonly blocks: number;
  readonly change: number;
  readonly low: number;
  readonly high: number;
}

/** The blocks that count: those that could be trusted. */
export function countedBlocks(result: Result): readonly Block[] {
  return trustedBlocks(result.blocks);
}

/** The cell's pairs, block by block; blocks without both numbers are left out. */
export function pairedSeries(
  result: Result,
  cell: Pick<ResultCell, "scenario" | "metric" | "arm">,
): PairedPoint[] {
  const of = metricOf(result.plan, cell);
  if (of === null) return [];
  const { scale } = of.metric;
  const points: PairedPoint[] = [];
  for (const block of countedBlocks(result)) {
    const baseline = valueIn(block, result.plan.baseline, of) ?? null;
    const candidate = valueIn(block, cell.arm, of) ?? null;
    if (baseline === null || candidate === null) continue;
    if (scale === "log" && (baseline <= 0 || candidate <= 0)) continue;
    const change = scale === "log" ? candidate / baseline - 1 : candidate - baseline;
    points.push({ block: block.index, baseline, candidate, change });
  }
  return points;
}

/** How change and 95 % interval stood after each block from the sixth on: the picture of a narrowing interval. */
export function intervalHistory(series: readonly PairedPoint[], scale: MetricScale): IntervalPoint[] {
  const share = scale === "difference";
  const values = series.map((point) => (share ? point.change : Math.log1p(point.change)));
  const history: IntervalPoint[] = [];
  for (let n = 6; n <= values.length; n++) {
    const { mean, standardError, degreesOfFreedom } = locate(values.slice(0, n), share ? 0 : TRIM);
    const half = tQuantile(0.975, degreesOfFreedom) * standardError;
    const back = (value: number): number => (share ? value : Math.expm1(value));
    history.push({ blocks: n, change: back(mean), low: back(mean - half), high: back(mean + half) });
  }
  return history;
}

/** How many times the baseline a candidate is, with the bounds of the 95 % interval. */
export interface Ratio {
  readonly times: number;
  readonly low: number;
  readonly high: number;
}

/** Candidate over baseline, block by block; `null` with fewer pairs than give an interval. */
export function pairedRatio(
  baseline: readonly (number | null)[],
  candidate: readonly (number | null)[],
): Ratio | null {
  const logs = candidate.flatMap((value, index) => {
    const other = baseline[index] ?? null;
    return value !== null && other !== null && value > 0 && other > 0 ? [Math.log(value / other)] : [];
  });
  if (logs.length < MINIMUM_BLOCKS) return null;
  const { mean, standardError, degreesOfFreedom } = locate(logs, TRIM);
  const half = tQuantile(0.975, degreesOfFreedom) * standardError;
  return { times: Math.exp(mean), low: Math.exp(mean - half), high: Math.exp(mean + half) };
}

/** Spread of the paired change from block to block, as a ratio; `null` with fewer than two blocks. */
export function blockNoise(series: readonly PairedPoint[]): number | null {
  if (series.length < 2) return null;
  const { deviation } = locate(
    series.map((point) => Math.log1p(point.change)),
    TRIM,
  );
  return Math.expm1(deviation);
}
