import { z } from "zod";
import { type DeepReadonly, instant, name, sentence } from "../bounded-values.js";
import type { Block } from "../model/block.js";
import { plan } from "../model/plan.js";
import { schedule } from "../model/schedule.js";

/** Schema name of what a calibration keeps beside its blocks. */
export const RECORD_SCHEMA = "tailgate/calibration-record@1";

const namedCommit = z.object({ label: name(), sha: name() }).describe("A commit and how it was named.");

const knownChange = z
  .object({ name: name(), commit: namedCommit })
  .describe("A revision with a known change, measured beside the copies.");

const session = z
  .object({ startedAt: instant(), machine: sentence() })
  .describe("One sitting: blocks made by one process on one machine.");

export const calibrationRecord = z
  .object({
    schema: z.literal(RECORD_SCHEMA),
    commit: namedCommit,
    copies: z.array(name()).max(100).describe("Arms that run the same commit."),
    changes: z.array(knownChange).max(1_000),
    plan: plan.describe("As a run of base against head would have it: two arms, `base` and `head`."),
    schedule: schedule.describe("As the pilot of such a run fixed it."),
    sessions: z.array(session).max(100_000).describe("Machines that blocks were made on, in order."),
  })
  .describe("What all blocks of a calibration share; fixed before the first of them.");

export type NamedCommit = DeepReadonly<z.output<typeof namedCommit>>;
export type CalibrationRecord = DeepReadonly<z.output<typeof calibrationRecord>>;
export type Session = DeepReadonly<z.output<typeof session>>;

/** A calibration as far as it has been measured. */
export interface Recorded {
  readonly record: CalibrationRecord;
  /** Trusted and untrusted, in the order in which they were made; arms are copies and known changes. */
  readonly blocks: readonly Block[];
}

/** Two arms of a block, in the parts of base and head. */
export interface Pair {
  readonly base: string;
  readonly head: string;
}

/** A block as a run of two arms would have met it. */
export function asRun(block: Block, pair: Pair): Block {
  const base = block.arms[pair.base];
  const head = block.arms[pair.head];
  if (base === undefined || head === undefined) {
    throw new RangeError(`block ${block.index} lacks ${base === undefined ? pair.base : pair.head}`);
  }
  return {
    ...block,
    // A run of two arms would have needed their part of the time.
    durationMs: Math.round((block.durationMs * 2) / Object.keys(block.arms).length),
    arms: { base, head },
  };
}
