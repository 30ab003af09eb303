import type { Plan } from "../model/plan.js";
import type { Block } from "../model/block.js";
import type { Schedule } from "../model/schedule.js";

/** Schema name of what a calibration keeps beside its blocks. */
export const RECORD_SCHEMA = "tailgate/calibration-record@1";

/** A commit and how it was named. */
export interface NamedCommit {
  readonly label: string;
  readonly sha: string;
}

/** A revision with a known change, measured beside the copies. */
export interface KnownChange {
  readonly name: string;
  readonly commit: NamedCommit;
}

/** What all blocks of a calibration share; fixed before the first of them. */
export interface CalibrationRecord {
  readonly schema: typeof RECORD_SCHEMA;
  readonly commit: NamedCommit;
  /** Arms that run the same commit. */
  readonly copies: readonly string[];
  readonly changes: readonly KnownChange[];
  /** As a run of base against head would have it: two arms, `base` and `head`. */
  readonly plan: Plan;
  /** As the pilot of such a run fixed it. */
  readonly schedule: Schedule;
  /** Machines that blocks were made on, in order. */
  readonly sessions: readonly Session[];
}

/** One sitting: blocks made by one process on one machine. */
export interface Session {
  readonly startedAt: string;
  readonly machine: string;
}

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
