import { z } from "zod";
import { MOST_SHARDS } from "../model/shard.js";

const WRITTEN = /^(pilot|[0-9]{1,4})\/([0-9]{1,4})$/u;

/** `3/8`, or `pilot/8`: which part of a run divided in how many. */
export const shardText = z.string().transform((text, context) => {
  const [, part, count] = WRITTEN.exec(text.trim()) ?? [];
  const refuse = (message: string): never => {
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  };
  if (part === undefined || count === undefined) return refuse("is no part of a run");
  const of = Number(count);
  if (of < 1 || of > MOST_SHARDS) return refuse(`must name from 1 to ${MOST_SHARDS} shards behind the /`);
  if (part === "pilot") return { part: "pilot" as const, of };
  const index = Number(part);
  if (index < 1 || index > of) return refuse(`must name a shard from 1 to ${of} before the /`);
  return { part: index, of };
});
