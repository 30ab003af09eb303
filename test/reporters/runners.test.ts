import { describe, expect, test } from "vitest";
import type { ShardDocument } from "../../src/model/shard.js";
import { renderReportPage } from "../../src/reporters/html/report-page.js";
import { runnerEstimates, runnerNotices, runnersMethod } from "../../src/reporters/text/runners.js";
import { shardExitCode, shardText } from "../../src/reporters/text/shard-text.js";
import { mergedResult } from "../../src/run/shards/merge-shards.js";
import { madeUpShards } from "../shards/made-up-shards.js";
import { sampleResult } from "./sample-result.js";

function merged(shards: readonly ShardDocument[]) {
  return mergedResult(shards, { inputs: { comment: null, commentKey: null }, attempt: 1 });
}

describe("the report of a divided run", () => {
  test("says for which machines it speaks where they are few, and not where they are enough", () => {
    expect(runnerNotices(merged(madeUpShards(4, 4)))).toEqual([
      "the verdict speaks for these 4 runners (4 x AMD EPYC 7763); with 8 or more it is judged by the means of the runners, and speaks for machines like them",
    ]);
    const eight = merged(madeUpShards(8, 2));
    expect(runnerNotices(eight)).toEqual([]);
    expect(runnersMethod(eight)[0]!.text).toContain("each gives one mean of its blocks");
  });

  test("names the shards that failed or are missing", () => {
    const [one, two] = madeUpShards(3, 8) as [ShardDocument, ShardDocument];
    const failed = { ...two, outcome: { kind: "failed" as const, reason: "no port" } };
    expect(runnerNotices(merged([one, failed])).slice(0, 2)).toEqual([
      "shard 2 of 3 could not measure (no port): it is left out",
      "shard 3 of 3 is missing, the log of its job says why: it is left out",
    ]);
  });

  test("names a runner that was disturbed", () => {
    const [one, two] = madeUpShards(2, 8) as [ShardDocument, ShardDocument];
    const machine = { stealShare: 0.3, cpuPressureShare: null };
    const disturbed = { ...two, blocks: two.blocks.map((block) => ({ ...block, machine })) };
    expect(runnerNotices(merged([one, disturbed]))[0]).toMatch(
      /^the runner of shard 2 was disturbed: the hypervisor/,
    );
  });

  test("says that a scenario speaks for its machine where scenarios are divided", () => {
    const notices = runnerNotices(merged(madeUpShards(2, 12, () => ({}), "scenarios")));
    expect(notices).toEqual([
      "each scenario was measured on one runner: what is said of it speaks for that machine",
    ]);
  });

  test("holds the estimate of every runner, from its own blocks", () => {
    const slower = (arm: string, shard: number) => (arm === "head" && shard === 2 ? { latency: 1.5 } : {});
    const result = merged(madeUpShards(3, 6, slower));
    const p50 = result.cells.filter(({ metric }) => metric === "p50");
    const changes = runnerEstimates(result, p50).map(({ changes: [change] }) =>
      parseFloat(change!.replace("−", "-")),
    );
    expect(changes[0]).toBeCloseTo(0, -1);
    expect(changes[1]).toBeCloseTo(50, -1);
    const page = renderReportPage(result);
    expect(page).toContain("Runner by runner");
    expect(page).toContain("<td>AMD EPYC 7763</td>");
  });

  test("says nothing of runners where one machine measured all", () => {
    const result = sampleResult();
    expect(runnerNotices(result)).toEqual([]);
    expect(runnersMethod(result)).toEqual([]);
    expect(renderReportPage(result)).not.toContain("Runner by runner");
  });
});

describe("what a shard says at its end", () => {
  const [shard] = madeUpShards(4, 3) as [ShardDocument];
  test.each([
    [
      {},
      "Shard 1 of 4 measured 3 blocks. It judges nothing: the verdict comes with the merge of all shards.",
      0,
    ],
    [
      { part: "pilot" as const },
      "The pilot of 4 shards fixed the load: each shard measures 3 blocks of about 7 s.",
      0,
    ],
    [
      { outcome: { kind: "failed" as const, reason: "head does not start" } },
      "Shard 1 of 4 could not measure: head does not start.",
      2,
    ],
  ])("is a sentence and an exit code (%#)", (change, text, code) => {
    const document = { ...shard, ...change };
    expect(shardText(document)).toBe(text);
    expect(shardExitCode(document)).toBe(code);
  });
});
