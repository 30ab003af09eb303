import { describe, expect, test } from "vitest";
import type { ShardDocument } from "../../src/model/shard.js";
import { joinShards } from "../../src/shards/join-blocks.js";
import { scenariosOfShards } from "../../src/shards/own-scenarios.js";
import { shardSeed } from "../../src/shards/shard-seed.js";
import { madeUpPlan, scenarioPlan } from "../verdict/made-up-run.js";
import { madeUpShards } from "./made-up-shards.js";

type Shards = [ShardDocument, ...ShardDocument[]];

describe("shards by blocks", () => {
  test("become one series of blocks, the runners in turn, judged once with all of them", () => {
    const { blocks, schedule } = joinShards(madeUpShards(2, 3) as Shards);
    expect(blocks.map(({ index, shard }) => [index, shard])).toEqual([
      [1, 1],
      [2, 2],
      [3, 1],
      [4, 2],
      [5, 1],
      [6, 2],
    ]);
    expect(schedule.looks).toEqual([6]);
  });
});

describe("shards by scenarios", () => {
  test("become blocks that hold all scenarios, with the mean of their memory", () => {
    const shards = madeUpShards(2, 3, () => ({}), "scenarios") as Shards;
    const { blocks, plan } = joinShards(shards);
    expect(blocks).toHaveLength(3);
    expect(Object.keys(blocks[0]!.arms["head"]!.scenarios)).toEqual(["s1", "s2"]);
    const peaks = shards.map(({ blocks: [first] }) => first!.arms["head"]!.peakResidentBytes!);
    expect(blocks[0]!.arms["head"]!.peakResidentBytes).toBeCloseTo((peaks[0]! + peaks[1]!) / 2);
    expect(plan.scenarios).toHaveLength(2);
  });

  test("say of the machine what was worst on any runner, as far as they know it", () => {
    const shards = madeUpShards(2, 3, () => ({}), "scenarios") as Shards;
    const on = (
      shard: ShardDocument,
      machine: ShardDocument["blocks"][number]["machine"],
    ): ShardDocument => ({
      ...shard,
      blocks: shard.blocks.map((block) => ({ ...block, machine })),
    });
    const joined = joinShards([
      on(shards[0], { stealShare: 0.1, cpuPressureShare: 0.9, otherWorkShare: 0.4 }),
      on(shards[1]!, { stealShare: null, cpuPressureShare: 0.3 }),
    ]);
    expect(joined.blocks[0]!.machine).toEqual({
      stealShare: 0.1,
      cpuPressureShare: 0.9,
      otherWorkShare: 0.4,
    });
    const quiet = joinShards([shards[0], on(shards[1]!, { stealShare: 0, cpuPressureShare: 0.3 })]);
    expect(quiet.blocks[0]!.machine).toEqual({ stealShare: 0, cpuPressureShare: 0.3 });
  });

  test("keep only the scenarios that were measured", () => {
    const [first] = madeUpShards(2, 3, () => ({}), "scenarios") as Shards;
    expect(joinShards([first]).plan.scenarios.map(({ name }) => name)).toEqual(["s1"]);
  });

  test("are dealt out by what they cost, the longest first, a mix with its parts", () => {
    const mixed = [scenarioPlan("mix", { mix: { a: 1 } }), scenarioPlan("a", { partOf: "mix" })];
    const plan = madeUpPlan({ scenarios: [...mixed, scenarioPlan("b"), scenarioPlan("c")] });
    const dealt = (rates: Readonly<Record<string, number>>, shards = 2): string[][] => {
      const loads = Object.entries(rates).map(([scenario, ratePerSecond]) => ({ scenario, ratePerSecond }));
      return scenariosOfShards(plan, loads, shards).map((own) => own.map(({ name }) => name));
    };
    expect(dealt({ mix: 100, b: 100, c: 100 })).toEqual([["mix", "a", "c"], ["b"]]);
    // A tenth of the rate is ten times as long at the same requests.
    expect(dealt({ mix: 100, b: 100, c: 10 })).toEqual([["c"], ["mix", "a", "b"]]);
    // One that no arm serves has no rate, and costs little.
    expect(dealt({ mix: 100, c: 100 })).toEqual([["mix", "a", "b"], ["c"]]);
    expect(() => dealt({}, 4)).toThrow("4 shards cannot divide 3 scenarios");
  });
});

test("every shard has a seed of its own, which follows from the run's", () => {
  const seeds = [1, 2, 3].map((shard) => shardSeed(7, shard));
  expect(new Set(seeds).size).toBe(3);
  expect(shardSeed(7, 2)).toBe(seeds[1]);
  expect(shardSeed(8, 2)).not.toBe(seeds[1]);
});
