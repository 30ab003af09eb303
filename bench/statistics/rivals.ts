import { mean, sampleVariance } from "simple-statistics";
import { tCumulative } from "../../src/stats/student-t.js";

/*
 * What is commonly used instead, each at its usual 5 % (two-sided, counted only where head is slower) or its usual
 * limit. They answer "different from nothing", not "worse than a limit", and know nothing of other cells.
 */

/** One run of each arm, and a fixed limit on the ratio. */
export function fixedLimit(base: readonly number[], head: readonly number[], limit: number): boolean {
  return head[0]! / base[0]! > 1 + limit;
}

/** Mann-Whitney U with every request as an observation, by its normal approximation; ties have probability 0 here. */
export function mannWhitney(base: Float64Array, head: Float64Array): boolean {
  const [x, y] = [head.slice().sort(), base.slice().sort()];
  let u = 0;
  for (let i = 0, below = 0; i < x.length; i++) {
    while (below < y.length && y[below]! < x[i]!) below++;
    u += below;
  }
  const [n, m] = [x.length, y.length];
  const z = (u - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12);
  return z > 1.959964;
}

/** Welch's t-test on one logarithm a block, unpaired. */
export function welch(base: readonly number[], head: readonly number[]): boolean {
  const [x, y] = [head, base].map((values) => values.map(Math.log)) as [number[], number[]];
  const [vx, vy] = [sampleVariance(x) / x.length, sampleVariance(y) / y.length];
  const t = (mean(x) - mean(y)) / Math.sqrt(vx + vy);
  const degreesOfFreedom = (vx + vy) ** 2 / (vx ** 2 / (x.length - 1) + vy ** 2 / (y.length - 1));
  return t > 0 && 2 * (1 - tCumulative(t, degreesOfFreedom)) < 0.05;
}

/** Wilcoxon's signed-rank test on the log ratios of the blocks, by its normal approximation. */
export function signedRank(base: readonly number[], head: readonly number[]): boolean {
  const differences = head.map((value, i) => Math.log(value / base[i]!)).filter((d) => d !== 0);
  const n = differences.length;
  const order = [...differences].sort((a, b) => Math.abs(a) - Math.abs(b));
  const positive = order.reduce((sum, difference, i) => sum + (difference > 0 ? i + 1 : 0), 0);
  const z = (positive - (n * (n + 1)) / 4) / Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24);
  return z > 1.959964;
}
