import type { Metric } from "../metrics/metrics.js";
import type { Block } from "../model/block.js";
import { spendingAt } from "../stats/alpha-spending.js";
import { median, quantileSorted } from "../stats/quantile.js";
import { tQuantile } from "../stats/student-t.js";
import { observationsFrom } from "../verdict/observations-from-blocks.js";
import { judgedCell } from "../verdict/judging/decide.js";
import { Evidence } from "../verdict/judging/evidence.js";
import type { ObservedCell } from "../model/observed-cell.js";
import { asChange, testedRow } from "../verdict/judging/tested-row.js";
import { observationsOfRun } from "./experiments.js";
import type { CalibrationRecord } from "./record.js";

/** How noisy one cell is on this machine while nothing changes. */
export interface CellNoise {
  readonly scenario: string | null;
  readonly metric: Metric;
  readonly gated: boolean;
  readonly proof: boolean;
  /** As the plan has it: relative, for errors a difference of shares. */
  readonly limit: number;
  /** Robust standard deviation of one block's difference between two copies: 1.4826 times the median distance. */
  readonly blockDeviation: number;
  /** Median of the smallest change that a run with all its blocks finds with 80 %. */
  readonly minimumDetectable: number;
  /** Smallest limit within which 9 of 10 unchanged runs with all their blocks could be shown to be. */
  readonly provableLimit: number;
}

/** 1 / the 0.75 quantile of the normal distribution: makes the median distance a standard deviation. */
const MAD_TO_DEVIATION = 1.4826;
/** Of ten unchanged runs nine shall be able to pass. */
export const PASSING_SHARE = 0.9;

/**
 * @param pairs - blocks of two unchanged copies
 * @param runs - blocks of whole runs of such pairs
 */
export function noiseOf(
  record: CalibrationRecord,
  pairs: readonly Block[],
  runs: readonly (readonly Block[])[],
): CellNoise[] {
  const { cells } = observationsFrom(pairs, record.plan, record.schedule);
  const judged = runs.map((blocks, run) => judgedInFull(record, blocks, run));
  return cells.map((cell) => {
    const { differences } = testedRow(cell, "base", "head", false);
    const middle = median(differences);
    const same = (one: ObservedCell): boolean => one.scenario === cell.scenario && one.metric === cell.metric;
    const found = judged.flatMap((run) => run.filter(({ observed }) => same(observed)));
    return {
      scenario: cell.scenario,
      metric: cell.metric as Metric,
      gated: cell.gated,
      proof: cell.proof,
      limit: cell.limit,
      blockDeviation: MAD_TO_DEVIATION * median(differences.map((value) => Math.abs(value - middle))),
      minimumDetectable: found.length === 0 ? NaN : median(found.map((one) => one.minimumDetectable)),
      provableLimit:
        found.length === 0
          ? NaN
          : quantileSorted(Float64Array.from(found, (one) => one.upper).sort(), PASSING_SHARE),
    };
  });
}

interface JudgedInFull {
  readonly observed: ObservedCell;
  readonly minimumDetectable: number;
  /** Upper end of what the cell may truly have worsened by, as a change. */
  readonly upper: number;
}

/** A run that used all its blocks, judged with what its last look may spend. */
function judgedInFull(record: CalibrationRecord, blocks: readonly Block[], run: number): JudgedInFull[] {
  const observations = observationsOfRun(record, blocks, run);
  const last = spendingAt(observations.looks, observations.alpha, blocks.length, true).at(-1)!;
  const evidence = new Evidence(observations);
  return evidence.rows.map((row) => {
    const { cell: observed, location } = row;
    const bound =
      location.mean + tQuantile(1 - last.beta, location.degreesOfFreedom) * location.standardError;
    return {
      observed,
      minimumDetectable: judgedCell(evidence, row, last).minimumDetectable,
      upper: Math.abs(asChange(observed, Math.max(0, bound))),
    };
  });
}
