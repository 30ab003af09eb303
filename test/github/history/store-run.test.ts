import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { checkInputs } from "../../../src/config/inputs.js";
import type { GithubEvent } from "../../../src/github/event/event.js";
import { storeRun, type StoredRun } from "../../../src/github/history/store-run.js";
import { readHistoryLines } from "../../../src/history/read-lines.js";
import type { Result } from "../../../src/model/result.js";
import { sampleResult } from "../../reporters/sample-result.js";
import { serveArtifacts } from "../parts/artifact-routes.js";
import { startArtifactStore, type ArtifactStore } from "../parts/artifact-store.js";
import { startGithub, type Github } from "../parts/github-api.js";
import { recordingCore } from "../parts/recording-core.js";
import { runnerEnvironment } from "../parts/runner.js";

const FILE = "service: { start: node server.js }\nscenarios: [{ name: list users, path: / }]\n";
const SHA = "a".repeat(40);

let github: Github;
let store: ArtifactStore;
let token: string;
let remote: string;

beforeAll(async () => {
  [github, store] = await Promise.all([startGithub(), startArtifactStore()]);
  await github.writeFile(".github/tailgate.yml", `${FILE}history: true\n`);
  token = await github.tokenWith({ contents: "write", actions: "read" });
  serveArtifacts(github, store, { id: 100 });
});
afterAll(() => Promise.all([github.stop(), store.stop()]));
beforeEach(() => {
  remote = mkdtempSync(join(tmpdir(), "tailgate-remote-"));
  execFileSync("git", ["init", "--quiet", "--bare", remote]);
});
afterEach(() => {
  rmSync(remote, { recursive: true });
  store.forget();
  expect(github.proxy.violations.splice(0)).toEqual([]);
});

const push: GithubEvent = {
  kind: "push",
  before: "b".repeat(40),
  after: SHA,
  ref: "refs/heads/main",
  defaultBranch: "main",
};

function of(sha: string): Result {
  const result = sampleResult();
  const arms = result.arms.map((arm) =>
    arm.role === "head" ? { ...arm, revision: { sha, label: "pushed commit", dirty: false } } : arm,
  );
  return { ...result, arms };
}

async function measured(result: Result | string): Promise<void> {
  const text = typeof result === "string" ? result : JSON.stringify(result);
  await store.put("tailgate", Buffer.from(zipSync({ "result.json": strToU8(text) })), "2026-11-21T00:00:00Z");
}

function stored(event: GithubEvent = push, ref = "refs/heads/main"): Promise<StoredRun[]> {
  const context = {
    runner: runnerEnvironment(github, { eventName: "push", ref, sha: SHA }),
    event,
    token,
    startedAt: "2026-11-21T00:10:00Z",
    core: recordingCore(),
    edges: {
      nowMs: () => Date.now(),
      secondMs: 0,
      sleep: () => Promise.resolve(),
      limits: { requestTimeoutMs: 3_000 },
    },
  };
  return storeRun(context, checkInputs({}, "input"), { url: `file://${remote}`, token: null });
}

const inRef = (): string => {
  const args = ["cat-file", "blob", "refs/notes/tailgate:2026-11.ndjson"];
  return execFileSync("git", args, { cwd: remote, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
};

test("what a push to the default branch measured is stored from its artifact, and once only", async () => {
  const result = { ...of(SHA), startedAt: "2026-11-20T00:00:00.000Z" };
  await measured(result);
  expect(await stored()).toEqual([
    { kind: "stored", suite: "default", added: result.cells.length, tries: 1 },
  ]);
  expect(readHistoryLines(inRef()).lines.map(({ head }) => head.sha)).toEqual(result.cells.map(() => SHA));
  expect(await stored()).toMatchObject([{ kind: "stored", added: 0 }]);
});

test("a push that is refused for ever leaves the verdict alone and says how to store the run later", async () => {
  await measured(of(SHA));
  const hook = join(remote, "hooks", "pre-receive");
  writeFileSync(hook, "#!/bin/sh\nexit 1\n");
  chmodSync(hook, 0o755);
  expect(await stored()).toMatchObject([
    {
      kind: "refused",
      why: expect.stringMatching(/contents: write.*tailgate history append result\.json/u) as string,
    },
  ]);
});

test.each([
  ["a pull request", { kind: "pull_request" } as GithubEvent, "refs/pull/1/merge"],
  ["a push to another branch", { ...push, ref: "refs/heads/topic" }, "refs/heads/topic"],
])("%s is not stored", async (_, event, ref) => {
  await measured(of(SHA));
  expect(await stored(event, ref)).toEqual([
    { kind: "skipped", why: "only runs of the default branch are kept" },
  ]);
});

test("a result of another commit is refused: the job that measures may have run anything", async () => {
  await measured(of("c".repeat(40)));
  await expect(stored()).rejects.toMatchObject({ code: "artifact" });
});

test("an artifact that is no result is refused, and nothing is pushed", async () => {
  await measured('{"schema":"tailgate/result@1"}');
  await expect(stored()).rejects.toMatchObject({ code: "artifact" });
  expect(inRef).toThrow();
});

test("without history in the file on the default branch nothing is stored", async () => {
  await measured(of(SHA));
  await github.writeFile(".github/tailgate.yml", FILE);
  try {
    expect(await stored()).toEqual([
      { kind: "skipped", why: "`history: true` is not in tailgate.yml on main" },
    ]);
  } finally {
    await github.writeFile(".github/tailgate.yml", `${FILE}history: true\n`);
  }
});
