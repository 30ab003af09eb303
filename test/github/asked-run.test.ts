import { describe, expect, test } from "vitest";
import type { GithubClient } from "../../src/github/api/client.js";
import { askedRun } from "../../src/github/event/asked-run.js";
import type { GithubEvent } from "../../src/github/event/event.js";
import { parseEvent } from "../../src/github/event/parse-event.js";
import { matrixLeg } from "../../src/github/event/matrix-leg.js";
import { hidesWorse, supersedes, type Marker } from "../../src/github/publish/marker.js";

const PLACE = { owner: "acme", repository: "shop" } as Parameters<typeof askedRun>[2];

/** An API that knows one pull request and one permission. */
function client(permission: string, headRepository = "acme/shop"): GithubClient {
  const api = {
    rest: {
      repos: { getCollaboratorPermissionLevel: () => Promise.resolve({ data: { permission } }) },
      pulls: {
        get: () =>
          Promise.resolve({
            data: {
              head: { sha: "a".repeat(40), ref: "feature", repo: { full_name: headRepository } },
              base: {
                sha: "b".repeat(40),
                ref: "main",
                repo: { full_name: "acme/shop", default_branch: "main" },
              },
            },
          }),
      },
    },
  };
  return { call: (_, request) => request(api as never, { timeoutMs: 1000 }) };
}

const comment = (pullRequest: object | undefined = { url: "https://example.com/7" }): GithubEvent =>
  parseEvent("issue_comment", {
    issue: { number: 7, pull_request: pullRequest },
    comment: { id: 70, user: { login: "ada" }, body: "/bench" },
  });

describe("a comment on a pull request", () => {
  test.each(["admin", "write"])(
    "by somebody with the permission %s measures that pull request",
    async (granted) => {
      expect(await askedRun(comment(), "run", PLACE, client(granted))).toMatchObject({
        kind: "pull_request",
        pullRequest: { number: 7, headSha: "a".repeat(40), baseRef: "main", fromFork: false },
      });
    },
  );

  test.each(["read", "none"])("by somebody with the permission %s starts nothing", async (granted) => {
    await expect(askedRun(comment(), "run", PLACE, client(granted))).rejects.toMatchObject({
      code: "github",
      message: expect.stringContaining(`permission \`${granted}\`): nothing was started`) as unknown,
    });
  });

  test("from a fork is measured without a token that may write, and refused with one", async () => {
    const fork = client("write", "stranger/shop");
    await expect(askedRun(comment(), "run", PLACE, fork)).rejects.toThrow("comes from a fork");
    expect(await askedRun(comment(), "measure", PLACE, fork)).toMatchObject({
      pullRequest: { fromFork: true },
    });
  });

  test("without a token to see who asked is refused", async () => {
    await expect(askedRun(comment(), "run", PLACE, null)).rejects.toThrow("`github-token` is empty");
  });
});

test("a comment on an issue has nothing to measure, and main is not compared with its parent", async () => {
  const event = parseEvent("issue_comment", {
    issue: { number: 7 },
    comment: { id: 70, user: { login: "ada" } },
  });
  await expect(askedRun(event, "run", PLACE, client("admin"))).rejects.toThrow("not on a pull request");
});

describe("events that may hand a token that writes to anybody's code are refused:", () => {
  test.each(["issues", "discussion_comment", "check_run", "fork", "watch", "status"])("%s", async (name) => {
    await expect(askedRun(parseEvent(name, {}), "run", PLACE, client("admin"))).rejects.toMatchObject({
      code: "github",
      message: expect.stringContaining(`\`${name}\` does not say which commits`) as unknown,
    });
  });

  test("workflow_run, but for reporting", async () => {
    const event: GithubEvent = {
      kind: "workflow_run",
      run: {} as Extract<GithubEvent, { kind: "workflow_run" }>["run"],
    };
    for (const mode of ["run", "measure"] as const) {
      await expect(askedRun(event, mode, PLACE, client("admin"))).rejects.toThrow("refuses to measure");
    }
  });
});

test.each(["release", "repository_dispatch", ""])(
  "the event %j compares what is checked out",
  async (name) => {
    expect(await askedRun(parseEvent(name, {}), "run", PLACE, null)).toEqual({ kind: "other", name });
  },
);

describe("the leg of a job matrix is called", () => {
  test.each<[string, string, string | null]>([
    ["by its values", '{"node":22,"os":"ubuntu-24.04"}', "node-22.os-ubuntu-24.04"],
    ["nothing outside of a matrix", "null", null],
    ["nothing for an empty one", "{}", null],
    ["nothing where no matrix is given", "", null],
  ])("%s", (_, json, leg) => {
    expect(matrixLeg(json)).toBe(leg);
  });

  test("otherwise for legs that differ only in what a key cannot hold, or far behind", () => {
    const names = [
      '{"image":"a/b"}',
      '{"image":"a:b"}',
      `{"name":"${"x".repeat(80)}1"}`,
      `{"name":"${"x".repeat(80)}2"}`,
    ].map((matrix) => matrixLeg(matrix));
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/);
  });
});

describe("two jobs of one run with one key", () => {
  const marker = (state: Marker["state"], changes: Partial<Marker> = {}): Marker => ({
    key: "default",
    runId: 100,
    runAttempt: 1,
    headSha: "a".repeat(40),
    startedAt: "2026-11-21T01:00:00Z",
    state,
    ...changes,
  });

  test.each<[Marker["state"], Marker["state"]]>([
    ["pass", "regression"],
    ["progress", "regression"],
    ["inconclusive", "invalid"],
    ["pass", "inconclusive"],
  ])("%s never replaces %s", (mine, posted) => {
    expect(supersedes(marker(mine), marker(posted), null)).toBe(false);
    expect(hidesWorse(marker(mine), marker(posted))).toBe(true);
    expect(supersedes(marker(posted), marker(mine), null)).toBe(true);
  });

  test("a later attempt replaces whatever an earlier one said", () => {
    expect(supersedes(marker("pass", { runAttempt: 2 }), marker("regression"), null)).toBe(true);
  });
});
