import type { Block } from "../model/block.js";
import { type Random, seededRandom, shuffled } from "../stats/random.js";
import { observationsFrom } from "../verdict/observations-from-blocks.js";
import { decisionOn } from "../verdict/judging/judge.js";
import type { Observations } from "../model/observations.js";
import type { Judgement } from "../model/judgement.js";
import type { CalibrationRecord } from "./record.js";

/** What a run would have said, had it met these blocks. */
export interface Tried {
  readonly verdict: Judgement["verdict"];
  /** Blocks until the verdict was clear, and the time that a run of two arms takes for them. */
  readonly blocks: number;
  readonly measuringMs: number;
  /** Gated cells that regressed, as "scenario metric". */
  readonly regressed: readonly string[];
}

/**
 * Runs one after the other along a series, each from the block after the one at which the last was decided. One begins
 * only where it could still use all its blocks: else those that are decided early would be counted more often.
 *
 * @param series - blocks of two arms, `base` and `head`
 */
export function runsInTurn(record: CalibrationRecord, series: readonly Block[]): Tried[] {
  const longest = record.schedule.maximumBlocks;
  const tried: Tried[] = [];
  for (let start = 0; start + longest <= series.length; start += tried.at(-1)!.blocks) {
    tried.push(tryRun(record, series.slice(start, start + longest), start));
  }
  return tried;
}

/**
 * Runs on blocks drawn at random, each block at most once in a run. They share blocks, so they say more about what these
 * blocks hold than their number suggests.
 *
 * @param arms - the two arms of a block, drawn anew for each run
 */
export function* resampledRuns(
  record: CalibrationRecord,
  blocks: readonly Block[],
  runs: number,
  arms: (block: Block, random: Random) => Block,
): Generator<Tried> {
  for (const drawn of resamples(record, blocks, runs, arms)) yield tryRun(record, drawn.blocks, drawn.run);
}

/** The blocks of such runs, all that a run may use. */
export function* resamples(
  record: CalibrationRecord,
  blocks: readonly Block[],
  runs: number,
  arms: (block: Block, random: Random) => Block,
): Generator<{ readonly run: number; readonly blocks: Block[] }> {
  const { seed, maximumBlocks } = record.schedule;
  if (blocks.length < maximumBlocks) return;
  const random = seededRandom(seed, "resampled runs");
  for (let run = 0; run < runs; run++) {
    const drawn = shuffled(blocks, random).slice(0, maximumBlocks);
    yield { run, blocks: drawn.map((block) => arms(block, random)) };
  }
}

/** Observations of blocks of two arms, with flips of their own for each run. */
export function observationsOfRun(
  record: CalibrationRecord,
  blocks: readonly Block[],
  run: number,
): Observations {
  const schedule = { ...record.schedule, seed: record.schedule.seed + run };
  return observationsFrom(blocks, record.plan, schedule);
}

function tryRun(record: CalibrationRecord, blocks: readonly Block[], run: number): Tried {
  const decision = decisionOn(observationsOfRun(record, blocks, run));
  const used = blocks.slice(0, decision.look);
  const regressed =
    decision.verdict === "regression"
      ? decision.judgement().cells.filter((cell) => cell.gated && cell.verdict === "regressed")
      : [];
  return {
    verdict: decision.verdict,
    blocks: decision.look,
    measuringMs: used.reduce((sum, block) => sum + block.durationMs, 0),
    regressed: regressed.map(({ scenario, metric }) =>
      scenario === null ? metric : `${scenario} ${metric}`,
    ),
  };
}
