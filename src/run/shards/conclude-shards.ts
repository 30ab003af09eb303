import type { ShardDocument } from "../../model/shard.js";
import { joinShards, type JoinedRun } from "../../shards/join-blocks.js";
import { shardName } from "../../shards/shard-name.js";
import { judge } from "../../verdict/judging/judge.js";
import { observationsFrom } from "../../verdict/observations-from-blocks.js";
import { concludeRun } from "../../verdict/verdict.js";
import type { Conclusion } from "../conclude-measurement.js";

/** All shards as one run, and what it says. */
export interface ConcludedShards {
  readonly joined: JoinedRun;
  readonly conclusion: Conclusion;
  /** Number of blocks that were judged. */
  readonly look: number;
  /** Why no more were measured. */
  readonly why: string;
}

/**
 * Judges what the shards measured, once, with all of the run's error. A shard that failed, or that is missing, leaves the
 * others to be judged.
 *
 * @param shards - of one run; one at least
 * @param today - ISO date, by which acceptances expire
 */
export function concludeShards(shards: readonly ShardDocument[], today: string): ConcludedShards {
  const first = shards[0]!;
  const measured = shards.filter(({ outcome }) => outcome.kind === "measured");
  const [one, ...more] = measured;
  if (one === undefined) return nothingToJudge(shards, today);
  const joined = joinShards([one, ...more]);
  const judgement =
    joined.blocks.length === 0
      ? null
      : judge(observationsFrom(joined.blocks, joined.plan, joined.schedule, today));
  const concluded = concludeRun({ ...joined, judgement, today });
  const isWhole = first.by === "blocks" || measured.length === first.of;
  return {
    joined,
    conclusion: {
      ...concluded,
      ...(isWhole || concluded.verdict !== "pass" ? {} : notAllMeasured(concluded.reason, first, joined)),
      logTail: null,
    },
    look: judgement?.look ?? 0,
    why: `${measured.length} of ${first.of} shards have measured all their blocks`,
  };
}

/** What was measured passes, but nobody knows of the rest. */
function notAllMeasured(
  reason: string,
  { plan }: ShardDocument,
  joined: JoinedRun,
): Pick<Conclusion, "verdict" | "reason"> {
  const missing = plan.scenarios.length - joined.plan.scenarios.length;
  return {
    verdict: "inconclusive",
    reason: `${missing} of ${plan.scenarios.length} scenarios were not measured, because their shards failed or are missing; of the others, ${reason}`,
  };
}

function nothingToJudge(shards: readonly ShardDocument[], today: string): ConcludedShards {
  const alone = shards.filter(({ outcome }) => outcome.kind === "no-baseline");
  const joined = joinShards((alone.length > 0 ? alone : shards) as [ShardDocument, ...ShardDocument[]]);
  const reasons = shards.flatMap(({ outcome, ...part }) =>
    outcome.kind === "measured" ? [] : [`${shardName(part)}: ${outcome.reason}`],
  );
  const logTail = shards.find((shard) => shard.logTail !== null)?.logTail ?? null;
  const frame = { joined, look: 0, why: "no shard could measure both arms" };
  if (alone.length > 0) {
    const concluded = concludeRun({ ...joined, judgement: null, today });
    const { outcome } = alone[0]! as { outcome: Extract<ShardDocument["outcome"], { reason: string }> };
    return {
      ...frame,
      conclusion: { ...concluded, verdict: "no-baseline", reason: outcome.reason, logTail },
    };
  }
  const conclusion: Conclusion = {
    verdict: "invalid",
    reason: `no shard could measure: ${reasons.join("; ")}`,
    cells: [],
    warnings: [],
    logTail,
  };
  return { ...frame, conclusion };
}
