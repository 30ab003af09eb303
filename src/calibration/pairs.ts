import type { Block } from "../model/block.js";
import { seededRandom, shuffled, type Random } from "../stats/random.js";
import { asRun, type CalibrationRecord } from "./record.js";

/** How many pairs of unchanged copies a block holds that share no launch. */
export function separatePairs(record: CalibrationRecord): number {
  return Math.floor(record.copies.length / 2);
}

/**
 * Blocks of unchanged code: in each, the copies are drawn into pairs that share no launch. One series per pair, each as
 * long as `blocks`.
 */
export function unchangedSeries(record: CalibrationRecord, blocks: readonly Block[]): Block[][] {
  const random = seededRandom(record.schedule.seed, "pairs of copies");
  const drawn = blocks.map((block) => ({ block, copies: shuffled(record.copies, random) }));
  return Array.from({ length: separatePairs(record) }, (_, pair) =>
    drawn.map(({ block, copies }) => asRun(block, { base: copies[2 * pair]!, head: copies[2 * pair + 1]! })),
  );
}

/** Blocks of a known change: in each, some copy is base. */
export function changedSeries(record: CalibrationRecord, blocks: readonly Block[], change: string): Block[] {
  const random = seededRandom(record.schedule.seed, `copy for ${change}`);
  return blocks.map((block) => againstSomeCopy(record, block, change, random));
}

/** A block with two different copies, drawn anew. */
export function someCopies(record: CalibrationRecord, block: Block, random: Random): Block {
  const [base, head] = shuffled(record.copies, random);
  return asRun(block, { base: base!, head: head! });
}

/** A block with a known change against a copy, drawn anew. */
export function againstSomeCopy(
  record: CalibrationRecord,
  block: Block,
  change: string,
  random: Random,
): Block {
  const base = record.copies[Math.floor(random() * record.copies.length)]!;
  return asRun(block, { base, head: change });
}
