import type { Inputs } from "../../config/inputs.js";
import { RESULT_SCHEMA, type Result } from "../../model/result.js";
import type { ShardDocument } from "../../model/shard.js";
import { checkedShards } from "../../shards/check-parts.js";
import { beginResults } from "../result-folder.js";
import { type GateOutcome, writeReports } from "../write-reports.js";
import { concludeShards } from "./conclude-shards.js";
import { readParts } from "./read-parts.js";
import { runnersOf } from "./runners.js";

/** What a merge is asked to do. */
export interface MergeContext {
  readonly inputs: Pick<Inputs, "comment" | "commentKey">;
  /** Below it lie the files of the shards. */
  readonly folder: string;
  /** Absolute; the result and its reports go here. */
  readonly outFolder: string;
  readonly attempt: number;
}

/**
 * Judges all shards of a run as one run, once: what was measured on several machines -> result and reports.
 *
 * @throws TailgateError "artifact" for shards that are not of one run, or that cannot be read
 */
export async function mergeShards(context: MergeContext): Promise<GateOutcome> {
  const shards = checkedShards(await readParts(context.folder));
  const result = mergedResult(shards, context);
  await beginResults(context.outFolder);
  return writeReports(result, [], context.outFolder, () => Promise.resolve());
}

/** @param shards - checked, of one run; one at least */
export function mergedResult(
  shards: readonly ShardDocument[],
  { inputs, attempt }: Pick<MergeContext, "inputs" | "attempt">,
): Result {
  const first = shards[0]!;
  const starts = shards.map(({ startedAt }) => Date.parse(startedAt));
  const ends = shards.map(({ durationMs }, place) => starts[place]! + durationMs);
  const startedMs = Math.min(...starts);
  const startedAt = new Date(startedMs).toISOString();
  const { joined, conclusion, look, why } = concludeShards(shards, startedAt.slice(0, 10));
  const { comment, key } = joined.plan.report;
  return {
    schema: RESULT_SCHEMA,
    ...conclusion,
    warnings: [...sharedWarnings(shards), ...conclusion.warnings],
    seed: first.seed,
    startedAt,
    durationMs: Math.max(...ends) - startedMs,
    arms: first.arms,
    plan: {
      ...joined.plan,
      report: { comment: inputs.comment ?? comment, key: inputs.commentKey ?? key },
    },
    schedule: joined.schedule,
    environment: { ...first.environment, attempt },
    stopped: { look, blocks: joined.blocks.filter(({ distrust }) => distrust.length === 0).length, why },
    blocks: joined.blocks,
    reproduce: first.reproduce,
    sinceRelease: first.sinceRelease,
    between: first.between,
    explanation: null,
    runners: runnersOf(shards),
  };
}

/** What several shards say is said once. */
function sharedWarnings(shards: readonly ShardDocument[]): Result["warnings"] {
  const byMessage = new Map(
    shards.flatMap(({ warnings }) => warnings.map((one) => [`${one.code} ${one.message}`, one] as const)),
  );
  return [...byMessage.values()];
}
