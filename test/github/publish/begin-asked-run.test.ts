import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { checkInputs } from "../../../src/config/inputs.js";
import type { GithubEvent } from "../../../src/github/event/event.js";
import { finishAbandoned } from "../../../src/github/publish/abandoned-comment.js";
import { beginAskedRun } from "../../../src/github/publish/begin-asked-run.js";
import type { GithubContext } from "../../../src/github/event/github-context.js";
import { reportPullRequests } from "../../../src/github/untrusted/report-mode.js";
import { startGithub, type Github, type PullRequestState } from "../parts/github-api.js";
import { json } from "../parts/proxy.js";
import { recordingCore } from "../parts/recording-core.js";
import { runnerEnvironment } from "../parts/runner.js";

let github: Github;
let token: string;
let fork: PullRequestState;
let serial = 0;
const reactions: string[] = [];

beforeAll(async () => {
  github = await startGithub();
  await github.writeFile(
    ".github/tailgate.yml",
    "service: { start: node server.js }\nreport: { key: api }\n",
  );
  token = await github.tokenWith({ contents: "read", pull_requests: "write" });
  github.proxy.routes.set("/issues/comments/\\d+/reactions$", ({ body }) => {
    reactions.push((JSON.parse(body) as { content: string }).content);
    return json(201, {});
  });
});
afterAll(() => github.stop());
beforeEach(async () => {
  fork = await github.openPullRequestFromFork(`topic-${++serial}`);
  grant("write");
});
afterEach(() => {
  reactions.length = 0;
  github.proxy.faults.length = 0;
  expect(github.proxy.violations.splice(0)).toEqual([]);
});

function grant(permission: string): void {
  github.proxy.routes.set("/collaborators/ada/permission$", () =>
    json(200, { permission, role_name: permission, user: null }),
  );
}

function contextOf(event: Partial<Extract<GithubEvent, { kind: "issue_comment" }>> = {}): GithubContext {
  return {
    runner: runnerEnvironment(github, { eventName: "issue_comment", runId: 77 }),
    event: {
      kind: "issue_comment",
      number: fork.number,
      onPullRequest: true,
      commentId: 70,
      author: "ada",
      body: "/tailgate budget=10m",
      ...event,
    },
    token,
    startedAt: "2026-11-21T00:00:00Z",
    core: recordingCore(),
    edges: {
      nowMs: () => Date.now(),
      secondMs: 0,
      sleep: () => Promise.resolve(),
      limits: { requestTimeoutMs: 3_000 },
    },
  };
}

const bodies = async (): Promise<string[]> =>
  (await github.comments(fork.number)).map((comment) => comment.body);

describe("a comment that asks for a run", () => {
  test("gets a reaction and a comment with the run's link, under the key of the base branch's file", async () => {
    await beginAskedRun(contextOf(), {});
    expect(reactions).toEqual(["eyes"]);
    const [body, ...more] = await bodies();
    expect(more).toEqual([]);
    expect(body).toMatch(/^<!-- tailgate key=api run=77 .* state=progress -->/u);
    expect(body).toMatch(/a comment has asked for a run\. \[Follow the run\]\(\S+\/actions\/runs\/77\)/u);
    expect(body).toContain(`head=${fork.headSha}`);
  });

  test("with an option that is not known gets a reaction that says so, and no comment", async () => {
    const wrong = contextOf({ body: "/tailgate budegt=10m; rm -rf $HOME" });
    await expect(beginAskedRun(wrong, {})).rejects.toThrow("`budegt`");
    await expect(beginAskedRun(contextOf({ body: "/tailgate budget=$(id)" }), {})).rejects.toThrow("budget");
    expect(reactions).toEqual(["confused", "confused"]);
    expect(await bodies()).toEqual([]);
  });

  test("by an outsider gets nothing, and its job fails so that none after it begins", async () => {
    grant("read");
    await expect(beginAskedRun(contextOf(), {})).rejects.toThrow("nothing was started");
    expect(reactions).toEqual([]);
    expect(await bodies()).toEqual([]);
  });

  test("is told of by the comment alone where the reaction is refused", async () => {
    github.fault("POST", /reactions$/u, { kind: "response", status: 403, body: "{}" }, 9);
    const context = contextOf();
    await beginAskedRun(context, {});
    expect(await bodies()).toHaveLength(1);
    expect((context.core as ReturnType<typeof recordingCore>).lines.join("\n")).toContain("No reaction");
  });
});

test("a job that no comment has started begins nothing, and is told where the workflow is", async () => {
  const context = { ...contextOf(), event: { kind: "schedule", defaultBranch: "main" } as const };
  await expect(beginAskedRun(context, {})).rejects.toMatchObject({
    code: "github",
    hint: expect.stringContaining("docs/forks-and-permissions.md") as string,
  });
});

describe("the comment of a run that was asked for and has ended", () => {
  test("says that it was stopped where the reporting job finds no artifact", async () => {
    await beginAskedRun(contextOf(), {});
    await expect(reportPullRequests(contextOf(), checkInputs({}, "input"))).rejects.toThrow();
    expect((await bodies()).join()).toMatch(/state=invalid.*\n.*stopped before it had a result/u);
  });

  test("is gone where the legs of its matrix have told their own", async () => {
    await beginAskedRun(contextOf(), {});
    await finishAbandoned(contextOf(), true);
    expect(await bodies()).toEqual([]);
  });
});
