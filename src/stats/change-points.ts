import { largestDivergence, type Divergence } from "./energy-divergence.js";
import { tCumulative } from "./student-t.js";

/** Where a series changed its level. */
export interface ChangePoint {
  /** Place of the first value after the change, from 0. */
  readonly index: number;
  readonly meanBefore: number;
  readonly meanAfter: number;
  /** Of Student's two-sided test of the values up to the neighbouring change points. */
  readonly p: number;
}

interface Options {
  readonly windowLength: number;
  readonly maximumP: number;
}

const HUNTER: Options = { windowLength: 50, maximumP: 0.001 };

/**
 * Change points of a series: E-divisive (Matteson and James 2014) with Student's test in sliding windows, and a merge that
 * keeps what stays significant, as Hunter does it (Fleming et al. 2023) and Apache Otava after it.
 *
 * @param series - finite values in the order in which they were measured
 */
export function changePoints(series: readonly number[], options: Options = HUNTER): ChangePoint[] {
  const { windowLength, maximumP } = options;
  const weak = weakPoints(series, windowLength, maximumP < 0.05 ? maximumP * 10 : maximumP);
  for (;;) {
    const tested = weak.map((_, place) => testedAt(series, weak, place));
    const weakest = tested.reduce((worst, point, place) => (point.p > tested[worst]!.p ? place : worst), 0);
    if (tested.length === 0 || tested[weakest]!.p < maximumP) return tested;
    weak.splice(weakest, 1);
  }
}

/** Points that stand out in a window at a weaker level, in order. */
function weakPoints(series: readonly number[], windowLength: number, maximumP: number): number[] {
  const found = new Set<number>();
  const step = Math.floor(windowLength / 2);
  for (let start = 0; start < series.length;) {
    const points = divided(series.slice(start, start + windowLength), maximumP).map((index) => index + start);
    for (const point of points) found.add(point);
    start = Math.max(points.at(-1) ?? 0, start + step);
  }
  return [...found].sort((a, b) => a - b);
}

/** Divides a window at its largest divergence as long as that is significant. */
function divided(window: readonly number[], maximumP: number): number[] {
  const points: number[] = [];
  for (;;) {
    const edges = [0, ...points, window.length];
    let best: Divergence | null = null;
    for (let i = 1; i < edges.length; i++) {
      const candidate = largestDivergence(window, edges[i - 1]!, edges[i]!);
      if (candidate !== null && (best === null || candidate.size > best.size)) best = candidate;
    }
    if (best === null) return points;
    const next = [...points, best.index].sort((a, b) => a - b);
    if (!(testedAt(window, next, next.indexOf(best.index)).p <= maximumP)) return points;
    points.splice(0, points.length, ...next);
  }
}

function testedAt(series: readonly number[], points: readonly number[], place: number): ChangePoint {
  const index = points[place]!;
  const before = series.slice(points[place - 1] ?? 0, index);
  const after = series.slice(index, points[place + 1] ?? series.length);
  const [left, right] = [moments(before), moments(after)];
  return { index, meanBefore: left.mean, meanAfter: right.mean, p: studentP(left, right) };
}

interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Divided by the count, as Otava has it. */
  readonly variance: number;
}

function moments(values: readonly number[]): Moments {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  return { count, mean, variance };
}

/** Two-sided p of Student's test with a pooled variance. */
function studentP(a: Moments, b: Moments): number {
  const freedom = a.count + b.count - 2;
  if (freedom < 1 || a.mean === b.mean) return 1;
  const pooled = ((a.count - 1) * a.variance + (b.count - 1) * b.variance) / freedom;
  const t = Math.abs(a.mean - b.mean) / Math.sqrt(pooled * (1 / a.count + 1 / b.count));
  return t === Infinity ? 0 : 2 * tCumulative(-t, freedom);
}
