import type { CpuChange } from "../model/explanation.js";
import { locate } from "../stats/location.js";
import { sharedVariances } from "../stats/shared-variance.js";
import { tQuantile } from "../stats/student-t.js";

/** Below this share of what was sampled, a function has too few samples to be compared. */
const LEAST_SHARE = 0.0025;
/** Two differences have no spread worth the name. */
const FEWEST_PAIRED = 3;
const MISSED = 0.05;
const DETECTION_PROBABILITY = 0.8;

/** One value a block, of both arms. */
export interface PairedSeries {
  readonly baseline: Float64Array;
  readonly candidate: Float64Array;
}

export interface ComparedCpu {
  /** By the place of the function; what has too few samples is not in it. */
  readonly changes: ReadonlyMap<number, CpuChange>;
  /** Functions whose CPU changed. */
  readonly clear: ReadonlySet<number>;
  /** A change that would have been named with 80 %, for nine of ten functions; `null` where no function is compared. */
  readonly smallestNameableUs: number | null;
}

/**
 * Paired change of each function's CPU, with intervals that hold for all of them together with 95 % (Bonferroni). With
 * the few blocks that a diagnosis has, a variance of one function alone is nearly unknown; each borrows from functions
 * that take as much time (`sharedVariances`). A function is clear when its interval excludes 0 and its difference has
 * the same sign in (nearly) every block: two launches that went astray then cannot make one.
 */
export function compareCpu(series: readonly PairedSeries[], totalUs: number): ComparedCpu {
  const blocks = series[0]?.baseline.length ?? 0;
  const rows = blocks < FEWEST_PAIRED ? [] : series.flatMap((one, place) => comparedRow(one, place, totalUs));
  if (rows.length === 0) return { changes: new Map(), clear: new Set(), smallestNameableUs: null };
  const shared = sharedVariances(rows, blocks - 1);
  const critical = tQuantile(1 - MISSED / 2 / rows.length, shared.degreesOfFreedom);
  const reach = tQuantile(DETECTION_PROBABILITY, shared.degreesOfFreedom);
  const errors = shared.variances.map((variance) => Math.sqrt(variance / blocks));
  const changes = new Map(rows.map((row, i) => [row.place, withInterval(row, critical * errors[i]!)]));
  const clear = rows.filter(({ place, oneSign }) => {
    const { lowUs, highUs } = changes.get(place)!;
    return oneSign && (lowUs > 0 || highUs < 0);
  });
  const ninth = [...errors].sort((a, b) => a - b)[Math.ceil(0.9 * errors.length) - 1]!;
  return {
    changes,
    clear: new Set(clear.map(({ place }) => place)),
    smallestNameableUs: (critical + reach) * ninth,
  };
}

/** Paired change of one quantity with its ordinary 95 % t interval; `null` with too few blocks. */
export function pairedChange(series: PairedSeries): CpuChange | null {
  if (series.baseline.length < FEWEST_PAIRED) return null;
  const { mean, standardError, degreesOfFreedom } = locate(differencesOf(series), 0);
  const half = tQuantile(1 - MISSED / 2, degreesOfFreedom) * standardError;
  return withInterval({ from: average(series.baseline), to: average(series.candidate), change: mean }, half);
}

interface Compared {
  readonly from: number;
  readonly to: number;
  readonly change: number;
}

interface ComparedRow extends Compared {
  readonly place: number;
  /** Mean of both arms. */
  readonly size: number;
  readonly variance: number;
  /** Whether the difference has the same sign in nearly every block. */
  readonly oneSign: boolean;
}

/** Of a function with enough samples; whether it has them does not depend on which arm has them. */
function comparedRow(series: PairedSeries, place: number, totalUs: number): ComparedRow[] {
  const [from, to] = [average(series.baseline), average(series.candidate)];
  const size = (from + to) / 2;
  if (size === 0 || size < LEAST_SHARE * totalUs) return [];
  const differences = differencesOf(series);
  const { mean, deviation } = locate(differences, 0);
  const against = differences.filter((value) => value * mean <= 0).length;
  const oneSign = against <= mostAgainst(differences.length);
  return [{ place, from, to, change: mean, size, variance: deviation ** 2, oneSign }];
}

/** Blocks that may differ the other way: none of seven, and a sixth of eighteen, where a small change has some by chance. */
function mostAgainst(blocks: number): number {
  return Math.max(0, Math.floor((blocks - 4) / 4));
}

function differencesOf({ baseline, candidate }: PairedSeries): Float64Array {
  return candidate.map((value, block) => value - baseline[block]!);
}

function withInterval({ from, to, change }: Compared, half: number): CpuChange {
  return {
    baselineUs: from,
    candidateUs: to,
    changeUs: change,
    lowUs: change - half,
    highUs: change + half,
  };
}

function average(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
