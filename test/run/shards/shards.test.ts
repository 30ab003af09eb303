import { mkdirSync, truncateSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Block } from "../../../src/model/block.js";
import type { ShardDocument } from "../../../src/model/shard.js";
import type { RunPorts } from "../../../src/run/connect-ports.js";
import { mergedResult, mergeShards } from "../../../src/run/shards/merge-shards.js";
import { readParts } from "../../../src/run/shards/read-parts.js";
import { runShard } from "../../../src/run/shards/run-shard.js";
import { notPlaced } from "../../../src/service/lifecycle/placement.js";
import { diagnosisPorts } from "../../diagnosis/fake-instrument.js";
import { fakeWorld } from "../../experiment/fake-world.js";
import { temporaryFolder } from "../../parts/temporary-folder.js";
import { madeUpShards } from "../../shards/made-up-shards.js";
import { memoryStore } from "../../store/memory-store.js";
import { contextIn } from "../made-up-context.js";

const INPUTS = { comment: null, commentKey: null };

function merged(shards: readonly ShardDocument[]) {
  return mergedResult(shards, { inputs: INPUTS, attempt: 1 });
}

function ports(): Promise<RunPorts> {
  const world = fakeWorld();
  return Promise.resolve({
    experiment: world.ports,
    diagnosis: diagnosisPorts(world),
    blocks: memoryStore<Block>({ identityOf: ({ index }) => String(index) }),
    placement: notPlaced("nothing runs"),
    usageUnavailable: new Map(),
    firstDifferences: () => [],
    sameDeployments: () => [],
    close: () => Promise.resolve(),
  });
}

/** A folder whose configuration compares two stacks. */
function twoStacks(): string {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, "tailgate.yml"),
    "arms: { one: { start: run-one }, two: { start: run-two } }\n" +
      "scenarios: [{ name: list, request: { path: / } }, { name: get, request: { path: /1 } }]\n",
  );
  return folder;
}

async function measured(folder: string, by: ShardDocument["by"], part: ShardDocument["part"], pilot: string) {
  const given = contextIn(folder);
  const out = { ...given, outFolder: join(pilot, String(part)) };
  mkdirSync(out.outFolder, { recursive: true });
  return runShard(out, { part, of: 2, by }, pilot, ports);
}

describe("a run in two shards", () => {
  test.each(["blocks", "scenarios"] as const)("by %s is a pilot, two shards and a merge", async (by) => {
    const [folder, parts] = [twoStacks(), temporaryFolder()];
    const pilot = await measured(folder, by, "pilot", parts);
    expect(pilot.document.blocks).toEqual([]);
    const shards = [await measured(folder, by, 1, parts), await measured(folder, by, 2, parts)];
    const [one, two] = shards.map(({ document }) => document) as [ShardDocument, ShardDocument];
    expect(one.schedule).toEqual(two.schedule);
    expect(one.blocks).toHaveLength(pilot.document.schedule.maximumBlocks);
    expect(one.blocks[0]!.seed).not.toBe(two.blocks[0]!.seed);

    const outFolder = join(temporaryFolder(), "out");
    const { result } = await mergeShards({ inputs: INPUTS, folder: parts, outFolder, attempt: 1 });
    const blocks = by === "blocks" ? 2 * one.blocks.length : one.blocks.length;
    expect(result.blocks).toHaveLength(blocks);
    expect(result.stopped.look).toBe(blocks);
    expect(result.runners!.map(({ outcome }) => outcome)).toEqual(["measured", "measured"]);
    expect(Object.keys(result.blocks[0]!.arms["one"]!.scenarios).sort()).toEqual(["get", "list"]);
  });

  test("is refused for services that run elsewhere, which all shards would load at once", async () => {
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, "tailgate.yml"),
      'arms: { one: { url: "http://a.test" }, two: { url: "http://b.test" } }\nallowed-hosts: [a.test, b.test]\n',
    );
    await expect(measured(folder, "blocks", "pilot", temporaryFolder())).rejects.toThrow(
      "Services that run elsewhere are not measured in shards",
    );
  });

  test("refuses a shard without its pilot, and one whose plan is another", async () => {
    const [folder, parts] = [twoStacks(), temporaryFolder()];
    await expect(measured(folder, "blocks", 1, parts)).rejects.toThrow("finds no file of a pilot");
    await measured(folder, "blocks", "pilot", parts);
    writeFileSync(join(folder, "tailgate.yml"), "arms: { one: { start: a }, two: { start: run-two } }\n");
    await expect(measured(folder, "blocks", 1, parts)).rejects.toThrow("their plan differs");
  });
});

describe("merged shards", () => {
  const slower = (arm: string) => (arm === "head" ? { latency: 1.2 } : {});

  test("find a regression with eight runners and with two", () => {
    expect(merged(madeUpShards(8, 3, slower)).verdict).toBe("regression");
    expect(merged(madeUpShards(2, 12, slower)).verdict).toBe("regression");
    expect(merged(madeUpShards(8, 5)).verdict).toBe("pass");
  });

  test("do not let one machine on which head is slow speak for eight", () => {
    const onOne = (arm: string, shard: number) => (arm === "head" && shard === 1 ? { latency: 1.5 } : {});
    expect(merged(madeUpShards(8, 5, onOne)).verdict).not.toBe("regression");
  });

  test("name the shard that failed and the one that is missing, and judge the rest", () => {
    const [one, two, three] = madeUpShards(4, 10) as [ShardDocument, ShardDocument, ShardDocument];
    const failed = { ...three, outcome: { kind: "failed" as const, reason: "no port" }, blocks: [] };
    const result = merged([one, two, failed]);
    expect(result.verdict).toBe("pass");
    expect(result.runners!.map(({ outcome }) => outcome)).toEqual([
      "measured",
      "measured",
      "failed",
      "missing",
    ]);
    expect(result.stopped.blocks).toBe(20);
  });

  test("say that nothing was measured where all failed", () => {
    const failed = madeUpShards(2, 0).map((shard) => ({
      ...shard,
      outcome: { kind: "failed" as const, reason: "head does not start" },
    }));
    const { verdict, reason } = merged(failed);
    expect(verdict).toBe("invalid");
    expect(reason).toContain("shard 2 of 2: head does not start");
  });

  test("have no baseline where none had one, and take it for a fault of a machine where others had", () => {
    const [one, two] = madeUpShards(2, 8) as [ShardDocument, ShardDocument];
    const alone = { kind: "no-baseline" as const, reason: "base does not start" };
    const both = [one, two].map((shard) => ({ ...shard, outcome: alone }));
    expect(merged(both).verdict).toBe("no-baseline");
    expect(merged([one, { ...two, outcome: alone }]).runners![1]!.outcome).toBe("failed");
  });

  test("never pass while scenarios of a missing shard are unknown", () => {
    const [one, two] = madeUpShards(3, 20, () => ({}), "scenarios") as [ShardDocument, ShardDocument];
    const { verdict, reason } = merged([one, two]);
    expect(verdict).toBe("inconclusive");
    expect(reason).toContain("1 of 3 scenarios were not measured");
  });
});

describe("files of shards", () => {
  const [shard] = madeUpShards(1, 1);
  const good = JSON.stringify(shard);

  async function refusal(write: (file: string) => void): Promise<string> {
    const folder = temporaryFolder();
    write(join(folder, "shard-1-of-1.json"));
    return readParts(folder).then(
      () => "taken",
      (error: unknown) => (error as Error).message,
    );
  }

  test("are found however deep, and links are not followed", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "a", "b"), { recursive: true });
    writeFileSync(join(folder, "a", "b", "shard-1-of-1.json"), good);
    symlinkSync(join(folder, "a", "b", "shard-1-of-1.json"), join(folder, "shard-2-of-2.json"));
    expect((await readParts(folder)).map(({ file }) => file)).toEqual(["a/b/shard-1-of-1.json"]);
  });

  test.each([
    ["cut off", good.slice(0, -9), "is not JSON; it may have been cut off"],
    ["nested without end", "[".repeat(100_000), "is nested more than 64 levels deep"],
    ["of another kind", "{}", "is no tailgate/shard@1"],
    ["without blocks", good.replace('"blocks":[', '"x":['), "is damaged at blocks"],
    [
      "with a number that is none",
      good.replace('"durationMs":60000', '"durationMs":1e99'),
      "is damaged at durationMs",
    ],
    [
      "with a plan that was changed",
      good.replace('"alpha":0.01', '"alpha":0.4'),
      "holds a plan that its hash does not fit",
    ],
  ])("that are %s are refused by name", async (_, text, said) => {
    const message = await refusal((file) => {
      writeFileSync(file, text);
    });
    expect(message).toContain("shard-1-of-1.json");
    expect(message).toContain(said);
  });

  test("of 500 MB are refused without being read", async () => {
    const message = await refusal((file) => {
      writeFileSync(file, "");
      truncateSync(file, 500_000_000);
    });
    expect(message).toContain("holds more than 32000000 bytes");
  });
});
