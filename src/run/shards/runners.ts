import type { Runner } from "../../model/result.js";
import type { ShardDocument } from "../../model/shard.js";
import { scenariosOfShards } from "../../shards/own-scenarios.js";

/** Every runner of a divided run, those included of which nothing arrived. */
export function runnersOf(shards: readonly ShardDocument[]): Runner[] {
  const { of, by, plan, schedule } = shards[0]!;
  const groups = by === "scenarios" ? scenariosOfShards(plan, schedule.loads, of) : null;
  const anyMeasured = shards.some(({ outcome }) => outcome.kind === "measured");
  return Array.from({ length: of }, (_, place): Runner => {
    const shard = place + 1;
    const scenarios = groups?.[place]?.map(({ name }) => name) ?? null;
    const document = shards.find(({ part }) => part === shard);
    if (document === undefined) {
      return { shard, outcome: "missing", why: null, blocks: 0, scenarios, environment: null };
    }
    const { outcome, blocks, environment } = document;
    // Where base runs on other machines, one on which it does not is a fault of that machine.
    const gave = outcome.kind === "measured" || (outcome.kind === "no-baseline" && !anyMeasured);
    return {
      shard,
      outcome: gave ? "measured" : "failed",
      why: outcome.kind === "measured" ? null : outcome.reason,
      blocks: gave ? blocks.filter(({ distrust }) => distrust.length === 0).length : 0,
      scenarios,
      environment,
    };
  });
}
