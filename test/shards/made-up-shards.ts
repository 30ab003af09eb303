import type { ShardDocument } from "../../src/model/shard.js";
import { planHash } from "../../src/run/shards/plan-hash.js";
import {
  madeUpBlocks,
  madeUpPlan,
  madeUpSchedule,
  scenarioPlan,
  type Behaviour,
} from "../verdict/made-up-run.js";

/** What runners of one run left: `blocks` each, of a service of which head may behave differently. */
export function madeUpShards(
  of: number,
  blocks: number,
  behaviour: (arm: string, shard: number) => Behaviour = () => ({}),
  by: ShardDocument["by"] = "blocks",
): ShardDocument[] {
  const scenarios =
    by === "blocks" ? [scenarioPlan()] : Array.from({ length: of }, (_, i) => scenarioPlan(`s${i + 1}`));
  const plan = madeUpPlan({ scenarios });
  const schedule = madeUpSchedule(plan, { maximumBlocks: Math.max(1, blocks), looks: [] });
  return Array.from({ length: of }, (_, place) => {
    const own = by === "blocks" ? plan : { ...plan, scenarios: [scenarios[place]!] };
    // Each runner takes its part of one series, so that no two measured the same.
    const all = madeUpBlocks(own, of * blocks, (arm) => behaviour(arm, place + 1));
    return madeUpShard(plan, schedule, place + 1, of, by, all.slice(place * blocks, (place + 1) * blocks));
  });
}

function madeUpShard(
  plan: ShardDocument["plan"],
  schedule: ShardDocument["schedule"],
  part: number,
  of: number,
  by: ShardDocument["by"],
  blocks: ShardDocument["blocks"],
): ShardDocument {
  return {
    schema: "tailgate/shard@1",
    part,
    of,
    by,
    planHash: planHash({ plan, schedule }),
    outcome: { kind: "measured" },
    plan,
    schedule,
    seed: 1,
    startedAt: "2026-11-20T10:00:00.000Z",
    durationMs: 60_000,
    arms: plan.arms.map(({ name, role }) => ({
      name,
      role,
      revision: { sha: name.padEnd(40, "0"), label: name, dirty: false },
      buildMs: 1,
      usageUnavailable: null,
    })),
    environment: {
      tailgate: "0.1.0",
      node: "v20.0.0",
      system: "Linux 6 x64",
      cpuModel: "AMD EPYC 7763",
      cores: 4,
      memoryBytes: 16e9,
      placement: "not placed",
      runner: null,
      attempt: 1,
    },
    warnings: [],
    blocks: blocks.map((block, place) => ({ ...block, index: place + 1, shard: part })),
    reproduce: "tailgate run",
    logTail: null,
    sinceRelease: [],
    between: [],
  };
}
