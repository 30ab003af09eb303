import type { ShardPart } from "../model/shard.js";

/** "shard 3 of 8", "the pilot of 8 shards". */
export function shardName({ part, of }: Pick<ShardPart, "part" | "of">): string {
  return part === "pilot" ? `the pilot of ${of} shards` : `shard ${part} of ${of}`;
}

const FILE = /^shard-(?:pilot|\d{1,4})-of-\d{1,4}\.json$/u;

/** Whether a file is called as what a part of a divided run leaves. */
export function isShardFile(name: string): boolean {
  return FILE.test(name);
}

/** `shard-3-of-8`, `shard-pilot-of-8`: in the names of files and artifacts. */
export function shardFileName({ part, of }: Pick<ShardPart, "part" | "of">): string {
  return `shard-${part}-of-${of}`;
}
