import type { ShardDocument } from "../../model/shard.js";
import { shardName } from "../../shards/shard-name.js";
import { formatDuration } from "../../text/format-quantity.js";

/** What a part of a divided run says at its end: one paragraph, plain text. */
export function shardText(document: ShardDocument): string {
  const { outcome, schedule, part } = document;
  const name = capital(shardName(document));
  if (outcome.kind === "failed") return `${name} could not measure: ${outcome.reason}.`;
  if (part === "pilot") {
    const { maximumBlocks, estimatedBlockMs } = schedule;
    const blocks = `${maximumBlocks} ${maximumBlocks === 1 ? "block" : "blocks"}`;
    return `${name} fixed the load: each shard measures ${blocks} of about ${formatDuration(estimatedBlockMs * 1000)}.`;
  }
  const count = document.blocks.filter(({ distrust }) => distrust.length === 0).length;
  const measured = `${name} measured ${count} ${count === 1 ? "block" : "blocks"}`;
  const why = outcome.kind === "no-baseline" ? ` of head alone (${outcome.reason})` : "";
  return `${measured}${why}. It judges nothing: the verdict comes with the merge of all shards.`;
}

/** 0 when it measured, 2 when it could not: there is no verdict that could fail. */
export function shardExitCode({ outcome }: ShardDocument): 0 | 2 {
  return outcome.kind === "failed" ? 2 : 0;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
