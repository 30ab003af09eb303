import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { checkInputs } from "../../../src/config/inputs.js";
import { gitIn } from "../../../src/git/git.js";
import { appendLines } from "../../../src/git/history/lines-ref.js";
import { storedSinceRelease } from "../../../src/github/history/stored-since-release.js";
import { reportPullRequests } from "../../../src/github/untrusted/report-mode.js";
import { MadeUpRepository } from "../../git/repositories.js";
import { line } from "../../history/made-up-history.js";
import { sampleResult } from "../../reporters/sample-result.js";
import { serveArtifacts } from "../parts/artifact-routes.js";
import { startArtifactStore } from "../parts/artifact-store.js";
import { startGithub } from "../parts/github-api.js";
import { recordingCore } from "../parts/recording-core.js";
import { runnerEnvironment } from "../parts/runner.js";

let remote: { readonly url: string; readonly token: null };
let [released, merged, topic] = ["", "", ""];

beforeEach(async () => {
  const repository = new MadeUpRepository();
  // As GitHub does.
  repository.git("config", "uploadpack.allowFilter", "true");
  repository.git("branch", "-M", "main");
  released = repository.commit("released");
  repository.git("tag", "v1.2.0");
  merged = repository.commit("merged");
  repository.git("switch", "--quiet", "-c", "topic");
  topic = repository.commit("of the pull request");
  const stored = line(1, {
    base: { sha: released, label: "" },
    head: { sha: merged, label: "" },
    change: 0.041,
  });
  const place = { git: gitIn(repository.root), remote: repository.root, ref: "refs/notes/tailgate" };
  const edges = { sleep: () => Promise.resolve(), random: () => 0 };
  await appendLines(place, "2026-09.ndjson", [JSON.stringify(stored)], edges);
  remote = { url: `file://${repository.root}`, token: null };
});

const upTo = (base: string) => ({ branch: "main", base, suite: "default" });

describe("a job that has checked nothing out", () => {
  test("knows what the base branch has come to since its last release", async () => {
    expect(await storedSinceRelease(remote, upTo(merged))).toMatchObject([
      { scenario: "list users", metric: "p50", release: "v1.2.0", change: 0.041, limit: 0.05, runs: 1 },
    ]);
  });

  test("says nothing of another suite", async () => {
    expect(await storedSinceRelease(remote, { ...upTo(merged), suite: "other" })).toEqual([]);
  });

  test.each([
    ["a commit of another branch", () => topic],
    ["a commit that is nowhere", () => "d".repeat(40)],
  ])("is not led astray by a claim whose base is %s", async (_, base) => {
    expect(await storedSinceRelease(remote, upTo(base()))).toMatch(
      /^the history is left out: .* not on the/u,
    );
  });

  test("reports all the same where the repository does not answer", async () => {
    const nowhere = { url: "file:///nowhere", token: null };
    expect(await storedSinceRelease(nowhere, upTo(merged))).toMatch(/^the history could not be read: /u);
  });
});

describe("the report of a fork's pull request", () => {
  let github: Awaited<ReturnType<typeof startGithub>>;
  let store: Awaited<ReturnType<typeof startArtifactStore>>;
  beforeAll(async () => {
    [github, store] = await Promise.all([startGithub(), startArtifactStore()]);
    const file =
      "service: { start: node server.js }\nscenarios: [{ name: list users, path: / }]\nhistory: true\n";
    await github.writeFile(".github/tailgate.yml", file);
    serveArtifacts(github, store, { id: 100 });
  });
  afterAll(async () => {
    await Promise.all([github.stop(), store.stop()]);
  });

  test("has the line of the history, with the repository's numbers and not with those that it claims", async () => {
    const fork = await github.openPullRequestFromFork("topic");
    const result = sampleResult();
    const claim = {
      ...result,
      arms: result.arms.map((arm) =>
        arm.role === "base" ? { ...arm, revision: { sha: merged, label: "main", dirty: false } } : arm,
      ),
      sinceRelease: [
        {
          ...{ scenario: "list users", metric: "p50", release: "v9.9.9", runs: 1 },
          ...{ change: 0.9, low: 0.8, high: 1, limit: 0.05 },
        },
      ],
    };
    const archive = zipSync({ "result.json": strToU8(JSON.stringify(claim)) });
    await store.put("tailgate", Buffer.from(archive), "2026-11-21T00:10:00Z");
    const context = {
      runner: runnerEnvironment(github, { eventName: "workflow_run" }),
      event: {
        kind: "workflow_run",
        run: {
          ...{ id: 100, attempt: 1, event: "pull_request", conclusion: "success", url: "" },
          ...{ headSha: fork.headSha, headBranch: fork.headRef, headRepository: "contributor/shop" },
          startedAt: "2026-11-21T00:00:00Z",
        },
      } as const,
      token: await github.tokenWith({ contents: "read", pull_requests: "write", actions: "read" }),
      startedAt: "2026-11-21T00:10:00Z",
      core: recordingCore(),
      edges: {
        nowMs: () => Date.now(),
        secondMs: 0,
        sleep: () => Promise.resolve(),
        limits: { requestTimeoutMs: 3_000 },
      },
    };
    await reportPullRequests(context, checkInputs({}, "input"), remote);
    const [comment] = await github.comments(fork.number);
    expect(comment!.body).toMatch(/\+4\.1 % .* before it since <code>v1\.2\.0<\/code>/u);
    expect(comment!.body).not.toContain("v9.9.9");
    expect(github.proxy.violations).toEqual([]);
  });
});
