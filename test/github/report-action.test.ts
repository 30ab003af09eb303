import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { artifactName, uploadArtifact } from "../../src/github/publish/artifact.js";
import { sampleResult } from "../reporters/sample-result.js";
import { serveArtifacts } from "./parts/artifact-routes.js";
import { startArtifactStore, type ArtifactStore } from "./parts/artifact-store.js";
import { runBuiltAction } from "./parts/built-action.js";
import { startGithub, type Github, type PullRequestState } from "./parts/github-api.js";

const RUN_ID = 4242;

let github: Github;
let store: ArtifactStore;
let folder: string;
let fork: PullRequestState;

beforeAll(async () => {
  [github, store] = await Promise.all([startGithub(), startArtifactStore()]);
  folder = await mkdtemp(join(tmpdir(), "tailgate-report-action-"));
  fork = await github.openPullRequestFromFork("topic");
  serveArtifacts(github, store, { id: RUN_ID });
});
afterAll(async () => {
  await Promise.all([github.stop(), store.stop()]);
  await rm(folder, { recursive: true });
});

const runAction = (event: object, inputs: Readonly<Record<string, string>>) =>
  runBuiltAction(github, folder, { event, inputs, environment: { GITHUB_EVENT_NAME: "workflow_run" } });

test("the built action comments on a fork's pull request from the artifact that the real client stored", async () => {
  const result = sampleResult({ scenarios: ["GET /users"], slower: { "GET /users": 1.3 } });
  const stored = join(folder, "result.json");
  await writeFile(stored, JSON.stringify(result));
  for (const [name, value] of Object.entries(store.environment)) vi.stubEnv(name, value);
  const quiet = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  await uploadArtifact(artifactName("default"), { root: folder, files: [stored] });
  quiet.mockRestore();
  vi.unstubAllEnvs();
  const workflowRun = {
    id: RUN_ID,
    run_attempt: 1,
    event: "pull_request",
    conclusion: "failure",
    head_sha: fork.headSha,
    head_branch: fork.headRef,
    head_repository: { full_name: "contributor/shop" },
    run_started_at: "2026-01-01T00:00:00Z",
    html_url: "https://github.com/acme/shop/actions/runs/4242",
  };
  const token = await github.tokenWith({ actions: "read", contents: "read", pull_requests: "write" });
  const inputs = { mode: "report", path: "/users", "github-token": token };
  const { code, log } = await runAction({ workflow_run: workflowRun }, inputs);
  expect(code, log).toBe(0);
  const [comment] = await github.comments(fork.number);
  expect(comment).toMatchObject({ login: "github-actions[bot]" });
  expect(comment!.body).toMatch(/state=regression/);
  expect(await readFile(join(folder, "output"), "utf8")).toMatch(/regression/);
  expect(await readFile(join(folder, "summary.md"), "utf8")).toContain("GET /users");
  expect(log).not.toContain(token);
  expect(github.proxy.violations).toEqual([]);

  // The next commit has its own run; this one's report comes too late and says so.
  await github.pushToFork(fork.headRef);
  const late = await runAction({ workflow_run: workflowRun }, inputs);
  expect(late).toMatchObject({ code: 0, log: expect.stringContaining("newer commits") as string });
});

test("the built action refuses `mode: report` under another event with exit code 2 and the way out", async () => {
  const { code, log } = await runAction({}, { mode: "report", "github-token": "x" });
  expect(code).toBe(2);
  expect(log).toContain("::error::");
  expect(log).toMatch(/workflow_run/);
});
