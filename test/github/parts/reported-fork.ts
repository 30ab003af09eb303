import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { checkInputs, type RawInputs } from "../../../src/config/inputs.js";
import type { FinishedRun } from "../../../src/github/event/event.js";
import type { GithubContext } from "../../../src/github/event/github-context.js";
import { reportPullRequests, type Reported } from "../../../src/github/untrusted/report-mode.js";
import type { Result } from "../../../src/model/result.js";
import { serveArtifacts } from "./artifact-routes.js";
import { startArtifactStore, type ArtifactStore } from "./artifact-store.js";
import { startGithub, type Github, type PullRequestState } from "./github-api.js";
import { recordingCore, type RecordingCore } from "./recording-core.js";
import { runnerEnvironment } from "./runner.js";

export const BASE_FILE = `
service: { start: node server.js }
scenarios:
  - { name: list users, request: { path: /users } }
  - { name: one user, request: { path: /users/1 } }
report: { key: api }
`;
export const RUN_ID = 4242;
export const EARLIER = "2026-11-20T00:00:00Z";
const START = "2026-11-21T00:00:00Z";
const LATER = "2026-11-21T00:10:00Z";

export let github: Github;
export let store: ArtifactStore;
let token: string;
export let folder: string;
export let fork: PullRequestState;
export let core: RecordingCore;
export let serial = 0;

/** Gives each test of the file that calls this a pull request from a fork, whose run has ended. */
export function forkForEachTest(): void {
  beforeAll(async () => {
    [github, store] = await Promise.all([startGithub(), startArtifactStore()]);
    await github.writeFile(".github/tailgate.yml", BASE_FILE);
    token = await github.tokenWith({
      contents: "read",
      pull_requests: "write",
      actions: "read",
      checks: "write",
    });
    folder = await mkdtemp(join(tmpdir(), "tailgate-report-"));
  });
  afterAll(async () => {
    await Promise.all([github.stop(), store.stop()]);
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    fork = await github.openPullRequestFromFork(`topic-${++serial}`);
    serveArtifacts(github, store, { id: RUN_ID });
    core = recordingCore();
  });
  afterEach(() => {
    github.proxy.faults.length = 0;
    github.proxy.seen.length = 0;
    store.forget();
    expect(github.proxy.violations.splice(0)).toEqual([]);
  });
}

export function finishedRun(changes: Partial<FinishedRun> = {}): FinishedRun {
  return {
    id: RUN_ID,
    attempt: 1,
    event: "pull_request",
    conclusion: "failure",
    headSha: fork.headSha,
    headBranch: fork.headRef,
    headRepository: "contributor/shop",
    startedAt: START,
    url: `https://github.com/acme/shop/actions/runs/${RUN_ID}`,
    ...changes,
  };
}

/** Stores bytes or a result as the measuring run would. */
export async function claim(
  content: Buffer | string | Result,
  name = "tailgate-api",
  createdAt = LATER,
): Promise<void> {
  if (Buffer.isBuffer(content)) {
    await store.put(name, content, createdAt);
    return;
  }
  const text = typeof content === "string" ? content : JSON.stringify(content);
  await store.put(
    name,
    Buffer.from(zipSync({ "result.json": strToU8(text), "report.md": strToU8("PWNED") })),
    createdAt,
  );
}

export async function run(
  changes: Partial<FinishedRun> = {},
  inputs: RawInputs = {},
  context: Partial<GithubContext> = {},
): Promise<Reported> {
  const reported = await runAll(changes, inputs, context);
  expect(reported).toHaveLength(1);
  return reported[0]!;
}

export async function runAll(
  changes: Partial<FinishedRun> = {},
  inputs: RawInputs = {},
  context: Partial<GithubContext> = {},
): Promise<Reported[]> {
  return reportPullRequests(
    {
      runner: runnerEnvironment(github, {
        eventName: "workflow_run",
        summaryPath: join(folder, `${serial}.md`),
      }),
      event: { kind: "workflow_run", run: finishedRun(changes) },
      token,
      startedAt: LATER,
      core,
      edges: {
        nowMs: () => Date.now(),
        secondMs: 0,
        sleep: () => Promise.resolve(),
        limits: { requestTimeoutMs: 3_000 },
      },
      ...context,
    },
    checkInputs(inputs, "input"),
  );
}

/** The same in a run that a comment on the fork's pull request started. */
export function runAfterComment(): Promise<Reported[]> {
  return runAll(
    { id: 100 },
    {},
    {
      event: {
        kind: "issue_comment",
        number: fork.number,
        onPullRequest: true,
        commentId: 70,
        author: "owner",
        body: "/tailgate",
      },
      runner: runnerEnvironment(github, {
        eventName: "issue_comment",
        runId: RUN_ID,
        summaryPath: join(folder, `${serial}.md`),
      }),
    },
  );
}

export async function commentText(): Promise<string> {
  const all = await github.comments(fork.number);
  expect(all).toHaveLength(1);
  expect(all[0]!.login).toBe("github-actions[bot]");
  return all[0]!.body;
}
