import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRunnerEnvironment } from "../../../src/github/event/runner-environment.js";
import { revisionEvent } from "../../../src/github/event/event.js";
import { parseEvent, readEvent } from "../../../src/github/event/parse-event.js";

const A = "a".repeat(40);
const B = "b".repeat(40);

function pullRequest(changes: object = {}): object {
  return {
    number: 7,
    head: { sha: A, ref: "feature", repo: { full_name: "acme/shop" } },
    base: { sha: B, ref: "main", repo: { full_name: "acme/shop" } },
    ...changes,
  };
}

describe("events", () => {
  test("a pull request names its commits, and whether it comes from a fork", () => {
    const event = parseEvent("pull_request", { pull_request: pullRequest() });
    expect(event).toMatchObject({
      kind: "pull_request",
      pullRequest: { number: 7, headSha: A, fromFork: false },
    });
    expect(revisionEvent(event)).toEqual({
      kind: "pull_request",
      baseRef: "main",
      baseSha: B,
      headSha: A,
      defaultBranch: null,
      fromFork: false,
    });
  });

  test.each([
    ["another repository", { full_name: "stranger/shop" }],
    ["a repository that was deleted", null],
  ])("a head in %s is a fork's", (_what, repo) => {
    const event = parseEvent("pull_request", {
      pull_request: pullRequest({ head: { sha: A, ref: "x", repo } }),
    });
    expect(event).toMatchObject({ pullRequest: { fromFork: true } });
  });

  test.each<[string, unknown, unknown]>([
    [
      "push",
      { before: B, after: A, ref: "refs/heads/main", repository: { default_branch: "main" } },
      { kind: "push", before: B, headSha: A, ref: "refs/heads/main", defaultBranch: "main" },
    ],
    [
      "push",
      { before: "0".repeat(40), after: A, ref: "refs/heads/x" },
      { kind: "push", before: "0".repeat(40), headSha: A, ref: "refs/heads/x", defaultBranch: null },
    ],
    [
      "merge_group",
      { merge_group: { base_sha: B, head_sha: A, base_ref: "refs/heads/main" } },
      { kind: "merge_group", baseSha: B, headSha: A },
    ],
    ["schedule", { schedule: "0 0 * * *" }, { kind: "schedule", defaultBranch: null }],
    ["workflow_dispatch", { inputs: {} }, { kind: "workflow_dispatch", defaultBranch: null }],
    ["release", {}, { kind: "local" }],
    ["", {}, { kind: "local" }],
  ])("the event %j says which commits are compared", (name, payload, expected) => {
    expect(revisionEvent(parseEvent(name, payload))).toEqual(expected);
  });

  test("a workflow_run event names the run that finished", () => {
    const event = parseEvent("workflow_run", {
      workflow_run: {
        id: 9,
        run_attempt: 2,
        event: "pull_request",
        conclusion: "failure",
        head_sha: A,
        head_branch: "topic",
        head_repository: { full_name: "stranger/shop" },
        run_started_at: "2026-11-21T00:00:00Z",
        html_url: "https://x",
      },
    });
    expect(event).toMatchObject({
      kind: "workflow_run",
      run: { id: 9, attempt: 2, headBranch: "topic", headRepository: "stranger/shop" },
    });
    expect(revisionEvent(event)).toEqual({ kind: "local" });
  });

  test("pull_request_target is refused, with the reason and the way out", () => {
    expect(() => parseEvent("pull_request_target", { pull_request: pullRequest() })).toThrow(
      /secrets and a token that may write/,
    );
  });

  test.each<[string, string, unknown, RegExp]>([
    ["no pull request", "pull_request", {}, /pull_request\.number/],
    [
      "a number that is none",
      "pull_request",
      { pull_request: pullRequest({ number: "7" }) },
      /pull_request\.number/,
    ],
    [
      "a negative number",
      "pull_request",
      { pull_request: pullRequest({ number: -7 }) },
      /pull_request\.number/,
    ],
    ["a SHA with a flag in it", "push", { before: "--upload-pack=sh", after: A, ref: "x" }, /`before`/],
    ["a SHA in capitals", "push", { before: "A".repeat(40), after: A, ref: "x" }, /`before`/],
    ["a list", "merge_group", [], /merge_group/],
    ["null", "push", null, /`before`/],
    [
      "fields that every object inherits",
      "workflow_run",
      JSON.parse('{"workflow_run":{"__proto__":{"id":1}}}'),
      /workflow_run\.id/,
    ],
  ])("an event with %s is refused with the field's name", (_what, name, payload, words) => {
    expect(() => parseEvent(name, payload)).toThrow(words);
  });

  test("a branch's name is taken as it is, whatever it holds", () => {
    const ref = "$(id)`x`\n\u{1f600}";
    const event = parseEvent("pull_request", {
      pull_request: pullRequest({ head: { sha: A, ref, repo: null } }),
    });
    expect(event).toMatchObject({ pullRequest: { headRef: ref } });
  });
});

describe("the event file", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tailgate-event-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const runner = (eventPath: string) =>
    readRunnerEnvironment({
      GITHUB_REPOSITORY: "acme/shop",
      GITHUB_EVENT_NAME: "pull_request",
      GITHUB_EVENT_PATH: eventPath,
    });

  test("the event file is read", async () => {
    const path = join(folder, "event.json");
    await writeFile(path, JSON.stringify({ pull_request: pullRequest() }));
    expect(readEvent(runner(path))).toMatchObject({ kind: "pull_request" });
  });

  test.each([
    ["absent", null],
    ["half a file", '{"pull_request":'],
    ["empty", ""],
    ["invalid UTF-8 inside JSON", Buffer.from([0x7b, 0x22, 0xff])],
  ])("an event file that is %s is refused with a hint", async (what, content) => {
    const path = join(folder, `${what}.json`);
    if (content !== null) await writeFile(path, content);
    expect(() => readEvent(runner(path))).toThrow(
      expect.objectContaining({
        code: "github",
        hint: expect.stringContaining("GITHUB_EVENT_PATH") as string,
      }) as Error,
    );
  });
});
