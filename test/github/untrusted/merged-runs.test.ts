import { expect, test } from "vitest";
import { keyOfArtifact, shardArtifactName } from "../../../src/github/publish/artifact.js";
import { matrixLeg } from "../../../src/github/event/matrix-leg.js";
import { recompute } from "../../../src/github/untrusted/recompute.js";
import { mergedResult } from "../../../src/run/shards/merge-shards.js";
import { sampleResult } from "../../reporters/sample-result.js";
import { madeUpShards } from "../../shards/made-up-shards.js";

const RUN = {
  id: 1,
  attempt: 1,
  headSha: "a".repeat(40),
  startedAt: "2026-11-20T10:00:00Z",
  url: "https://github.com/o/r/actions/runs/1",
  event: "pull_request",
  conclusion: "success",
  headBranch: "feature",
  headRepository: "o/r",
};

test("a merged run of a fork is judged again by its runners, and its sentences are dropped", () => {
  const slower = (arm: string) => (arm === "head" ? { latency: 1.2 } : {});
  const claim = mergedResult(madeUpShards(8, 3, slower), {
    inputs: { comment: null, commentKey: null },
    attempt: 1,
  });
  const hostile = {
    ...claim,
    verdict: "pass" as const,
    runners: claim.runners!.map((runner) => ({ ...runner, outcome: "failed" as const, why: "<img src=x>" })),
  };
  const result = recompute(hostile, { plan: claim.plan, namesScenarios: true, namesSeed: true }, RUN);
  expect(result.verdict).toBe("regression");
  expect(result.cells.map(({ p }) => p)).toEqual(claim.cells.map(({ p }) => p));
  expect(JSON.stringify(result)).not.toContain("<img");
});

test("the seed is the measuring run's, unless the base branch names one", () => {
  const claim = sampleResult({ noise: 0.1 });
  const measured = { ...claim, seed: 77, schedule: { ...claim.schedule!, seed: 77 } };
  const seedsWhere = (namesSeed: boolean): (number | undefined)[] => {
    const result = recompute(measured, { plan: claim.plan, namesScenarios: true, namesSeed }, RUN);
    return [result.seed, result.plan.experiment.seed, result.schedule?.seed];
  };
  expect(seedsWhere(false)).toEqual([77, 77, 77]);
  expect(new Set(seedsWhere(true))).toEqual(new Set([claim.plan.experiment.seed]));
  expect(claim.plan.experiment.seed).not.toBe(77);
});

test("the artifact of a shard is none of a suite's result", () => {
  const name = shardArtifactName("default", { part: 3, of: 8 });
  expect(name).toBe("tailgate-shard-3-of-8");
  expect(keyOfArtifact(name, "default")).toBeNull();
  expect(keyOfArtifact(shardArtifactName("api", { part: "pilot", of: 8 }), "api")).toBeNull();
});

test("the number of a shard in a job matrix names no leg, other entries do", () => {
  expect(matrixLeg('{"shard":3}', true)).toBeNull();
  expect(matrixLeg('{"shard":3,"node":22}', true)).toBe("node-22");
  expect(matrixLeg('{"shard":3}')).toBe("shard-3");
});
