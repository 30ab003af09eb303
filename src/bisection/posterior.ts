import type { Evidence } from "./evidence.js";

/** A comparison with the good commit, of the commit at this place. */
export interface Step {
  /** From 1, the first commit after good; the last is bad. */
  readonly place: number;
  readonly evidence: Evidence;
}

/** Share of runs that something else than the code decided, and how widely those may lie. */
const STRAY = 0.02;
const STRAY_SPREAD = 0.5;
/** Runs of one commit differ by more than each says of itself: a quarter of its error more. */
const BETWEEN_RUNS = 1.25;
const EFFECTS = 61;

/**
 * How likely each commit is the one that made it slower, given every comparison so far (Bayes, as in probabilistic
 * bisection: Horstein 1963, Waeber et al. 2013). Model: commits before it do not differ from good, it and those after it
 * are worse by one and the same amount, which is not known; every comparison has its own error.
 *
 * @param commits - how many there are after good
 * @returns a probability for each commit, at its place less one
 */
export function posterior(commits: number, steps: readonly Step[]): number[] {
  const weights = new Float64Array(commits);
  const columns = effectGrid(steps).map((effect) => logPosteriors(commits, steps, effect));
  const highest = Math.max(...columns.map((column) => Math.max(...column)));
  for (const column of columns) {
    for (const [index, value] of column.entries()) weights[index]! += Math.exp(value - highest);
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Array.from(weights, (weight) => weight / total);
}

/** For each commit the logarithm of how likely all comparisons are if it made everything after it worse by `effect`. */
function logPosteriors(commits: number, steps: readonly Step[], effect: number): number[] {
  // A comparison at a place speaks for all commits up to it, and so do those at later places.
  const gains = new Array<number>(commits).fill(0);
  let unchanged = 0;
  for (const { place, evidence } of steps) {
    const without = logLikelihood(evidence, 0);
    unchanged += without;
    gains[place - 1]! += logLikelihood(evidence, effect) - without;
  }
  let sum = unchanged;
  return gains.reduceRight<number[]>((logs, gain, index) => {
    sum += gain;
    logs[index] = sum;
    return logs;
  }, new Array<number>(commits).fill(0));
}

/** Amounts that the worsening may have: from a tenth of the largest that was seen to half more than that. */
function effectGrid(steps: readonly Step[]): number[] {
  const seen = steps.flatMap(({ evidence }) =>
    evidence.kind === "measured" ? [evidence.worsening + 2 * evidence.error] : [],
  );
  const top = Math.max(1e-6, ...seen) * 1.25;
  return Array.from({ length: EFFECTS }, (_, index) => top * (0.08 + (0.92 * index) / (EFFECTS - 1)));
}

function logLikelihood(evidence: Evidence, effect: number): number {
  switch (evidence.kind) {
    case "measured": {
      const error = evidence.error * BETWEEN_RUNS;
      const near = density((evidence.worsening - effect) / error) / error;
      const stray = density(evidence.worsening / STRAY_SPREAD) / STRAY_SPREAD;
      return Math.log((1 - STRAY) * near + STRAY * stray);
    }
    case "broken":
      return Math.log(effect === 0 ? STRAY : 1 - STRAY);
    case "untestable":
    case "failed":
      return 0;
  }
}

function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}
