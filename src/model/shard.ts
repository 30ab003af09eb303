import { z } from "zod";
import { atLeastOne, name, sentence, type DeepReadonly } from "../bounded-values.js";
import { resultSchema } from "./result.js";
import { schedule } from "./schedule.js";

/** Schema name of what one part of a sharded run leaves behind. */
export const SHARD_SCHEMA = "tailgate/shard@1";

/** More machines than this for one pull request are more than anybody rents. */
export const MOST_SHARDS = 64;

export const shardBy = z.enum(["blocks", "scenarios"]);

const part = z
  .union([z.literal("pilot"), atLeastOne().max(MOST_SHARDS)])
  .describe("pilot: it found the rate for all; else the number of the shard, from 1.");

const outcome = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("measured") }),
  z.object({ kind: z.literal("no-baseline"), reason: sentence() }),
  z.object({ kind: z.literal("failed"), reason: sentence() }),
]);

/** What one part of a sharded run leaves behind: all of a result but the verdict, which comes with the merge. */
export const shardDocument = resultSchema
  .pick({
    seed: true,
    startedAt: true,
    durationMs: true,
    arms: true,
    plan: true,
    environment: true,
    warnings: true,
    blocks: true,
    reproduce: true,
    logTail: true,
    sinceRelease: true,
    between: true,
  })
  .extend({
    schema: z.literal(SHARD_SCHEMA),
    part,
    of: atLeastOne().max(MOST_SHARDS),
    by: shardBy,
    planHash: name().describe("SHA-256 of plan and schedule: the same in all parts of a run."),
    schedule: schedule.describe("As the pilot fixed it; every shard measures the same number of blocks."),
    outcome,
  });

/**
 * The published JSON Schema of a shard's file.
 *
 * @public scripts/schemas.mjs writes it
 */
export function shardJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(shardDocument, { io: "input", reused: "inline" }), title: SHARD_SCHEMA };
}

export type ShardDocument = DeepReadonly<z.output<typeof shardDocument>>;
/** Into how many parts a run is divided, and what is divided. */
export interface Division {
  readonly of: number;
  readonly by: ShardDocument["by"];
}

/** One part of a divided run: its pilot, or a shard by its number from 1. */
export interface ShardPart extends Division {
  readonly part: ShardDocument["part"];
}
