import type { Division } from "../model/shard.js";
import type { Schedule } from "../model/schedule.js";

/** How far a measurement goes. */
export type Course =
  /** Pilot, then blocks until the verdict is clear. */
  | { readonly kind: "whole" }
  /** The pilot alone: shards measure by what it finds. */
  | { readonly kind: "pilot"; readonly division: Division }
  /** A fixed number of blocks by a schedule that a pilot found elsewhere; nobody judges before the merge. */
  | { readonly kind: "shard"; readonly shard: number; readonly schedule: Schedule };

export const WHOLE: Course = { kind: "whole" };
