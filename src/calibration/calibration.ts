import type { Block } from "../model/block.js";
import { observationsFrom, trustedBlocks } from "../verdict/observations-from-blocks.js";
import { type ChangeInterval, changeInterval, testedRow } from "../verdict/judging/tested-row.js";
import { resampledRuns, resamples, runsInTurn } from "./experiments.js";
import { type CellNoise, noiseOf } from "./noise.js";
import { againstSomeCopy, changedSeries, separatePairs, someCopies, unchangedSeries } from "./pairs.js";
import { type Rates, ratesOf, resampledRates } from "./rates.js";
import type { CalibrationRecord, NamedCommit, Recorded, Session } from "./record.js";
import { mean } from "../stats/sum.js";

/** Schema name of what `calibrate --json` prints. */
const CALIBRATION_SCHEMA = "tailgate/calibration@1";

/** What a calibration found. */
export interface Calibration {
  readonly schema: typeof CALIBRATION_SCHEMA;
  readonly commit: NamedCommit;
  readonly sessions: readonly Session[];
  /** Blocks that could be trusted, and those that could not. */
  readonly blocks: number;
  readonly untrustedBlocks: number;
  readonly copies: number;
  /** Blocks x pairs of copies that share no launch. */
  readonly pairedBlocks: number;
  readonly measuringMs: number;
  /** Blocks that a run may use at most, the time they take, and after which it is judged. */
  readonly run: { readonly blocks: number; readonly measuringMs: number; readonly looks: readonly number[] };
  /** `inTurn`: runs one after the other that share no block. `null`: too few blocks for a single run. */
  readonly unchanged: { readonly inTurn: Rates | null; readonly resampled: Rates | null };
  readonly noise: readonly CellNoise[];
  readonly changes: readonly ChangeFound[];
}

/** How often a known change was found. */
export interface ChangeFound {
  readonly name: string;
  readonly commit: NamedCommit;
  readonly inTurn: Rates | null;
  readonly resampled: Rates | null;
  /** What it truly changes, as all blocks together show. */
  readonly size: readonly ChangeSize[];
}

/** With a two-sided 95 % interval. */
interface ChangeSize extends ChangeInterval {
  readonly scenario: string | null;
  readonly metric: string;
}

/** Enough that drawing others would move a rate by little. */
const RESAMPLED_RUNS = 400;
/** Whole runs that noise is read from at most; each costs all its flips. */
const NOISE_RUNS = 60;

/**
 * Judges a record. Pure: the same record gives the same figures.
 *
 * @param resampled - runs that are drawn for each rate; noise is read from as many, up to 60
 */
export function calibrationOf({ record, blocks }: Recorded, resampled = RESAMPLED_RUNS): Calibration {
  const trusted = trustedBlocks(blocks);
  const series = unchangedSeries(record, trusted);
  const drawCopies = (block: Block, random: () => number): Block => someCopies(record, block, random);
  const pairedBlocks = trusted.length * separatePairs(record);
  const noiseRuns = Math.min(NOISE_RUNS, resampled);
  const whole = [...resamples(record, trusted, noiseRuns, drawCopies)].map((drawn) => drawn.blocks);
  const { maximumBlocks, looks } = record.schedule;
  const durationsMs = series[0]?.map((block) => block.durationMs) ?? [];
  const perBlockMs = durationsMs.length === 0 ? 0 : mean(durationsMs);
  return {
    schema: CALIBRATION_SCHEMA,
    commit: record.commit,
    sessions: record.sessions,
    blocks: trusted.length,
    untrustedBlocks: blocks.length - trusted.length,
    copies: record.copies.length,
    pairedBlocks,
    measuringMs: blocks.reduce((sum, block) => sum + block.durationMs, 0),
    run: { blocks: maximumBlocks, measuringMs: maximumBlocks * perBlockMs, looks },
    unchanged: {
      inTurn: ratesOf(series.flatMap((one) => runsInTurn(record, one))),
      resampled: resampledRates([...resampledRuns(record, trusted, resampled, drawCopies)], pairedBlocks),
    },
    noise: trusted.length < 2 ? [] : noiseOf(record, series.flat(), whole),
    changes: record.changes.map(({ name, commit }) => ({
      name,
      commit,
      ...changeFound(record, trusted, name, resampled),
    })),
  };
}

function changeFound(
  record: CalibrationRecord,
  blocks: readonly Block[],
  name: string,
  runs: number,
): Pick<ChangeFound, "inTurn" | "resampled" | "size"> {
  const series = changedSeries(record, blocks, name);
  const draw = (block: Block, random: () => number): Block => againstSomeCopy(record, block, name, random);
  return {
    inTurn: ratesOf(runsInTurn(record, series)),
    resampled: resampledRates([...resampledRuns(record, blocks, runs, draw)], blocks.length),
    size: blocks.length < 2 ? [] : sizeOf(record, series),
  };
}

function sizeOf(record: CalibrationRecord, series: readonly Block[]): ChangeSize[] {
  const { cells } = observationsFrom(series, record.plan, record.schedule);
  return cells.map((cell) => ({
    scenario: cell.scenario,
    metric: cell.metric,
    ...changeInterval(testedRow(cell, "base", "head", false)),
  }));
}
