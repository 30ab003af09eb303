import { createHash } from "node:crypto";
import { plan as planSchema } from "../../model/plan.js";
import { schedule as scheduleSchema } from "../../model/schedule.js";
import type { ShardDocument } from "../../model/shard.js";

/** SHA-256 of what all shards of a run have to share: what is measured, and by which schedule. */
export function planHash({ plan, schedule }: Pick<ShardDocument, "plan" | "schedule">): string {
  // Parsed, so that the order of keys is the schema's, whoever wrote them.
  const shared = [planSchema.parse(plan), scheduleSchema.parse(schedule)];
  return createHash("sha256").update(JSON.stringify(shared)).digest("hex");
}
