import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Result } from "../../src/model/result.js";
import { sampleResult } from "../reporters/sample-result.js";
import { serveArtifacts } from "./parts/artifact-routes.js";
import { startArtifactStore, type ArtifactStore } from "./parts/artifact-store.js";
import { runBuiltAction } from "./parts/built-action.js";
import { startGithub, type Github } from "./parts/github-api.js";
import { startGitServer, type GitServer } from "./parts/git-server.js";

const SHA = "a".repeat(40);
const RUN_ID = 5000;
const FILE =
  "service: { start: node server.js }\nscenarios: [{ name: list users, path: / }]\nhistory: true\n";

let github: Github;
let store: ArtifactStore;
let git: GitServer;
let token: string;
let folder: string;

beforeAll(async () => {
  [github, store] = await Promise.all([startGithub(), startArtifactStore()]);
  folder = await mkdtemp(join(tmpdir(), "tailgate-later-jobs-"));
  await github.writeFile(".github/tailgate.yml", FILE);
  token = await github.tokenWith({ actions: "read", contents: "write", issues: "write" });
  git = await startGitServer(folder, "acme/shop", token);
  serveArtifacts(github, store, { id: RUN_ID });
});
afterAll(async () => {
  await Promise.all([github.stop(), store.stop(), git.stop()]);
  await rm(folder, { recursive: true });
});

/** What the measuring job of a push to main has left. */
async function measured(result: Result): Promise<Result> {
  const arms = result.arms.map((arm) =>
    arm.role === "head" ? { ...arm, revision: { sha: SHA, label: "pushed commit", dirty: false } } : arm,
  );
  const whole = { ...result, arms };
  const archive = zipSync({ "result.json": strToU8(JSON.stringify(whole)) });
  store.forget();
  await store.put("tailgate", Buffer.from(archive), new Date().toISOString());
  return whole;
}

const laterJob = (mode: string) =>
  runBuiltAction(github, folder, {
    event: {
      ref: "refs/heads/main",
      before: "b".repeat(40),
      after: SHA,
      repository: { default_branch: "main" },
    },
    inputs: { mode, "github-token": token },
    environment: {
      GITHUB_SERVER_URL: git.url,
      GITHUB_EVENT_NAME: "push",
      GITHUB_REF: "refs/heads/main",
      GITHUB_SHA: SHA,
    },
  });

const storedLines = (): number =>
  execFileSync("git", ["grep", "-c", "tailgate/history@1", "refs/notes/tailgate"], {
    cwd: git.folder,
    encoding: "utf8",
  })
    .split("\n")
    .reduce((sum, line) => sum + Number(line.split(":").at(-1)), 0);

test("the built action stores what main measured, with its token as a header, and a refusal for ever fails no job", async () => {
  const result = await measured(sampleResult());
  git.mayWrite = false;
  const refused = await laterJob("history");
  expect(refused.code, refused.log).toBe(0);
  expect(refused.log).toMatch(/::warning[^\n]*the history was not stored.*403/u);
  expect(refused.log).toContain("the run's artifact holds result.json");
  expect(refused.log).not.toContain(token);
  git.mayWrite = true;
  const stored = await laterJob("history");
  expect(stored.code, stored.log).toBe(0);
  expect(storedLines()).toBe(result.cells.length);
  const again = await laterJob("history");
  expect(again.log).toContain("0 lines stored");
  expect(storedLines()).toBe(result.cells.length);
});

test("the built action opens an issue for a slower head, and closes it once head passes", async () => {
  await measured(sampleResult({ slower: { "list users": 1.3 }, verdict: "regression" }));
  const opened = await laterJob("issue");
  expect(opened.code, opened.log).toBe(0);
  expect(opened.log).toMatch(/issue opened: /u);
  await measured(sampleResult());
  expect((await laterJob("issue")).log).toMatch(/issue closed: /u);
  expect(github.proxy.violations).toEqual([]);
});
