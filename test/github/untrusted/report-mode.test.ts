import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { FinishedRun } from "../../../src/github/event/event.js";
import type { Result } from "../../../src/model/result.js";
import { sampleResult } from "../../reporters/sample-result.js";
import { FAULTS } from "../parts/faults.js";
import {
  BASE_FILE,
  EARLIER,
  claim,
  commentText,
  core,
  folder,
  fork,
  forkForEachTest,
  github,
  run,
  runAfterComment,
  runAll,
  serial,
  store,
} from "../parts/reported-fork.js";
import { runnerEnvironment } from "../parts/runner.js";

forkForEachTest();

test("after a comment the pull request that it stands on is reported to, from this run's own artifact", async () => {
  const result = sampleResult();
  const headed = (sha: string): Result => ({
    ...result,
    arms: result.arms.map((arm) =>
      arm.role === "head" ? { ...arm, revision: { sha, label: "head", dirty: false } } : arm,
    ),
  });
  await claim(headed(fork.headSha), "tailgate-api", EARLIER);
  expect(await runAfterComment()).toMatchObject([{ kind: "reported" }]);
  expect(await commentText()).toContain(fork.headSha.slice(0, 7));
  store.forget();
  await claim(headed("d".repeat(40)), "tailgate-api", EARLIER);
  expect(await runAfterComment()).toMatchObject([
    { kind: "skipped", why: expect.stringContaining("moved on") as string },
  ]);
});

test("a comment on an issue is nothing to report to", async () => {
  const event = {
    kind: "issue_comment",
    number: 1,
    onPullRequest: false,
    commentId: 70,
    author: "owner",
    body: "/tailgate",
  } as const;
  await expect(runAll({}, {}, { event })).rejects.toThrow("after a comment on a pull request");
});

describe("which pull request", () => {
  test("a pull request whose head has moved on is skipped", async () => {
    await claim(sampleResult());
    await github.pushToFork(fork.headRef);
    expect(await run()).toEqual({
      kind: "skipped",
      why: "its pull request has newer commits; their run tells of them",
    });
    expect(await github.comments(fork.number)).toEqual([]);
  });

  test.each<[string, Partial<FinishedRun>, RegExp]>([
    ["a branch without one", { headBranch: "unknown" }, /no open pull request/],
    ["another repository's branch of the same name", { headRepository: "acme/shop" }, /no open pull request/],
    ["a push", { event: "push" }, /started by `push`/],
    ["a deleted fork", { headRepository: null }, /is gone/],
    ["a run without a branch", { headBranch: "" }, /no branch/],
  ])("a run of %s is skipped with its reason", async (_what, changes, why) => {
    await claim(sampleResult());
    expect(await run(changes)).toMatchObject({ kind: "skipped", why: expect.stringMatching(why) as string });
  });

  test("a closed pull request is skipped", async () => {
    await claim(sampleResult());
    await github.closePullRequest(fork.number);
    expect(await run()).toMatchObject({ kind: "skipped" });
  });

  test("two open pull requests from one branch are both told, each by the configuration of its own base", async () => {
    await claim(sampleResult({ slower: { "list users": 1.12 }, noise: 0.1 }));
    const other = await github.openPullRequestFromFork(fork.headRef, { into: "release" });
    await github.writeFile(
      ".github/tailgate.yml",
      `${BASE_FILE}gates: { p50: 90%, p90: 90%, p95: 90% }\n`,
      "release",
    );
    const reported = await runAll();
    expect(reported).toMatchObject([
      { kind: "reported", result: { verdict: "regression" } },
      { kind: "reported", result: { plan: { scenarios: [{ gates: { p50: { limit: 0.9 } } }, {}] } } },
    ]);
    for (const { number } of [fork, other]) {
      const [comment, ...more] = await github.comments(number);
      expect(comment!.body).toContain("is the head of 2 open pull requests");
      expect(more).toEqual([]);
    }
    const checks = github.checkRuns().filter((check) => check.head_sha === fork.headSha);
    expect(checks.map(({ name }) => name)).toEqual([
      "tailgate (api, into main)",
      "tailgate (api, into release)",
    ]);
  });

  test("a base whose configuration is broken does not keep the other pull request from being told", async () => {
    await claim(sampleResult({ noise: 0.1 }));
    const other = await github.openPullRequestFromFork(fork.headRef, { into: "broken" });
    await github.writeFile(".github/tailgate.yml", "gates: { p50: 5 }", "broken");
    await expect(runAll()).rejects.toThrow("(broken)");
    expect(await github.comments(fork.number)).toHaveLength(1);
    expect(await github.comments(other.number)).toEqual([]);
  });

  test("a pull request's number in the artifact counts for nothing", async () => {
    const bystander = await github.openPullRequest(`bystander-${serial}`);
    await claim(
      JSON.stringify({
        ...sampleResult(),
        pullRequest: bystander.number,
        number: bystander.number,
        headSha: bystander.headSha,
      }),
    );
    expect(await run()).toMatchObject({ kind: "reported" });
    expect(await github.comments(bystander.number)).toEqual([]);
  });
});

describe("the job", () => {
  test("a job of another event is told which workflow to copy", async () => {
    const runner = runnerEnvironment(github, { eventName: "pull_request" });
    await expect(
      run({}, {}, { event: { kind: "schedule", defaultBranch: "main" }, runner }),
    ).rejects.toMatchObject({
      code: "github",
      hint: expect.stringContaining("docs/forks-and-permissions.md") as string,
    });
  });

  test("a job without a token is told what to grant", async () => {
    await expect(run({}, {}, { token: "" })).rejects.toMatchObject({
      hint: expect.stringContaining("actions: read") as string,
    });
  });

  test.each([
    ["GET", /\/artifacts\?/, "actions: read"],
    ["GET", /\/contents\//, "contents: read"],
    ["GET", /\/pulls\?/, "pull-requests: read"],
    ["POST", /\/comments$/, "pull-requests: write"],
  ])("a job that may not %s %s is told the permission that it lacks", async (method, path, permission) => {
    await claim(sampleResult());
    github.fault(method, path, FAULTS.notAccessible, 9);
    await expect(run()).rejects.toMatchObject({
      code: "github",
      hint: expect.stringContaining(permission) as string,
    });
  });

  test("a check run that fails takes nothing back and is a warning", async () => {
    await claim(sampleResult());
    github.fault("POST", /check-runs$/, FAULTS.serverError);
    expect(await run()).toMatchObject({ kind: "reported" });
    expect(core.lines.join()).toContain("warning: [Tailgate] GitHub did not let us create the check run");
  });

  test("an artifact that is gone when it is fetched is refused", async () => {
    await claim(sampleResult());
    github.fault("GET", /\/zip$/, FAULTS.gone);
    await expect(run()).rejects.toMatchObject({ code: "github", kind: "gone" });
  });

  test("a broken tailgate.yml on the base branch is named with its branch", async () => {
    await claim(sampleResult());
    await github.writeFile("broken.yml", "gate: 5");
    await expect(run({}, { config: "broken.yml" })).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining("broken.yml (main)") as string,
    });
  });

  test("a reported run is in the job summary too", async () => {
    await claim(sampleResult());
    const summaryPath = join(folder, "own.md");
    await writeFile(summaryPath, "");
    await run({}, {}, { runner: runnerEnvironment(github, { eventName: "workflow_run", summaryPath }) });
    expect(await readFile(summaryPath, "utf8")).toContain("Tailgate");
  });
});
