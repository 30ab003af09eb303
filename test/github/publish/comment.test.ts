import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ClientEdges } from "../../../src/github/api/client.js";
import { connect } from "../../../src/github/api/client.js";
import { upsertComment, type CommentOutcome, type Wanted } from "../../../src/github/publish/comment.js";
import { GithubFault } from "../../../src/github/api/fault.js";
import { openConversation } from "../../../src/github/publish/conversation.js";
import { markerLine, type Marker } from "../../../src/github/publish/marker.js";
import { FAULTS } from "../parts/faults.js";
import { startGithub, type Github, type PullRequestState } from "../parts/github-api.js";

let github: Github;
let pull: PullRequestState;
let serial = 0;

beforeAll(async () => {
  github = await startGithub();
});
afterAll(() => github.stop());
beforeEach(async () => {
  pull = await github.openPullRequest(`topic-${++serial}`);
});
afterEach(() => {
  github.proxy.faults.length = 0;
  expect(github.proxy.violations.splice(0)).toEqual([]);
});

/** Waits are counted and not waited. */
const EDGES: ClientEdges = {
  nowMs: () => Date.now(),
  secondMs: 0,
  sleep: () => Promise.resolve(),
  limits: { requestTimeoutMs: 1_000 },
};

function marker(changes: Partial<Marker> = {}): Marker {
  return {
    key: "default",
    runId: 100,
    runAttempt: 1,
    headSha: pull.headSha,
    startedAt: "2026-11-21T01:00:00Z",
    state: "regression",
    ...changes,
  };
}

async function post(
  changes: Partial<Marker>,
  text: string,
  more: Partial<Wanted> = {},
  token = github.token,
): Promise<CommentOutcome> {
  const client = await connect(github.apiUrl, token, EDGES);
  const { conversation, open } = await openConversation(client, github, pull.number, EDGES.sleep);
  const render = (): string => text;
  return upsertComment(conversation, {
    marker: marker(changes),
    render,
    when: "always",
    mayCreate: open,
    ...more,
  });
}

async function bodies(): Promise<string[]> {
  return (await github.comments(pull.number)).map((comment) => comment.body);
}

describe("one comment", () => {
  test("the first run creates the comment, and the next changes it in place", async () => {
    const first = await post({}, "first");
    const second = await post({ runId: 101, startedAt: "2026-11-21T02:00:00Z" }, "second");
    expect(first.kind).toBe("posted");
    expect(second).toEqual(first);
    expect(await bodies()).toEqual([
      `${markerLine(marker({ runId: 101, startedAt: "2026-11-21T02:00:00Z" }))}\nsecond`,
    ]);
  });

  test("each key has a comment of its own", async () => {
    await post({ key: "api" }, "api");
    await post({ key: "web -->" }, "web");
    await post({ key: "api", runId: 101 }, "api again");
    expect((await bodies()).map((body) => body.split("\n")[1])).toEqual(["api again", "web"]);
  });

  test("a comment is not ours if someone else wrote its marker, or if the marker stands further down", async () => {
    const forged = `${markerLine(marker())}\nforged`;
    await github.comment(forged, "contributor", pull.number);
    await github.comment(`> quoted\n${forged}`, { token: github.token }, pull.number);
    await post({}, "real");
    expect(await bodies()).toEqual([forged, `> quoted\n${forged}`, `${markerLine(marker())}\nreal`]);
  });

  test("comments of a person are ours where the token is that person's", async () => {
    await post({}, "by a person", {}, "owner_token");
    await post({ runId: 101 }, "again", {}, "owner_token");
    expect((await github.comments(pull.number)).map(({ login }) => login)).toEqual(["acme"]);
  });

  test("our comment is found among 1,000 on ten pages", async () => {
    for (let i = 0; i < 999; i++) await github.comment(`chatter ${i}`, "contributor", pull.number);
    await post({}, "first");
    await post({ runId: 101 }, "second");
    const all = await bodies();
    expect(all).toHaveLength(1000);
    expect(all[999]).toContain("second");
  });
});

describe("newer stands", () => {
  test.each([
    ["an earlier run of an older commit", { runId: 99, headSha: "0".repeat(40) }],
    ["an earlier attempt of the same run", { runId: 100, runAttempt: 1 }],
    ["a run of the same commit that began earlier", { runId: 102, startedAt: "2026-11-21T00:59:00Z" }],
    ["the progress of the same attempt", { runAttempt: 2, state: "progress" as const }],
  ])("a newer comment is not replaced by %s", async (_what, older) => {
    await post({ runAttempt: 2 }, "newer");
    const outcome = await post(older, "older");
    expect(outcome).toMatchObject({ kind: "kept", why: "a newer run has already commented" });
    expect(await bodies()).toEqual([`${markerLine(marker({ runAttempt: 2 }))}\nnewer`]);
  });

  test.each([
    ["a later attempt of the same run", { runAttempt: 2 }],
    [
      "a run for the current head over one for an older commit, whatever the clocks say",
      { runId: 101, startedAt: "2020-01-01T00:00:00Z" },
    ],
    [
      "a second attempt of an earlier run that began later",
      { runId: 90, runAttempt: 2, headSha: "a".repeat(40), startedAt: "2026-11-21T03:00:00Z" },
    ],
  ])("an older comment is replaced by %s", async (_what, newer) => {
    await post({ headSha: "a".repeat(40) }, "older");
    expect((await post(newer, "newer")).kind).toBe("posted");
    expect((await bodies())[0]).toContain("newer");
  });

  test("two runs that publish at once leave one comment, of the newer", async () => {
    for (let round = 0; round < 3; round++) {
      pull = await github.openPullRequest(`both-${round}`);
      const older = { runId: 200, startedAt: "2026-11-21T01:00:00Z" };
      const newer = { runId: 201, startedAt: "2026-11-21T01:00:05Z" };
      await Promise.all([post(older, "older"), post(newer, "newer")]);
      const all = await bodies();
      expect(all).toEqual([`${markerLine(marker(newer))}\nnewer`]);
    }
  });

  test("an older run whose write arrives late is put right by the newer one", async () => {
    await post({ runId: 1, startedAt: "2026-11-20T00:00:00Z" }, "before both");
    github.fault("PATCH", /comments/, { kind: "late", ms: 250 });
    const older = post({ runId: 200, startedAt: "2026-11-21T01:00:00Z" }, "older");
    await new Promise((resolve) => setTimeout(resolve, 120));
    const client = await connect(github.apiUrl, github.token, EDGES);
    const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 400));
    const { conversation } = await openConversation(client, github, pull.number, settle);
    const newer = marker({ runId: 201, startedAt: "2026-11-21T01:00:05Z" });
    await upsertComment(conversation, {
      marker: newer,
      render: () => "newer",
      when: "always",
      mayCreate: true,
    });
    await older;
    expect(await bodies()).toEqual([`${markerLine(newer)}\nnewer`]);
  });
});

describe("on-change", () => {
  test("with `comment: on-change` an unchanged pull request gets no comment", async () => {
    const outcome = await post({ state: "pass" }, "pass", { when: "on-change" });
    expect(outcome).toEqual({ kind: "none", why: "nothing changed (`comment: on-change`)" });
    expect(await bodies()).toEqual([]);
  });

  test("with `comment: on-change` any verdict but a pass gets a comment", async () => {
    await post({ state: "inconclusive" }, "unclear", { when: "on-change" });
    expect(await bodies()).toHaveLength(1);
  });

  test("with `comment: on-change` a pass replaces an earlier regression, and leaves an earlier pass alone", async () => {
    await post({}, "slower");
    expect((await post({ runId: 101, state: "pass" }, "fine", { when: "on-change" })).kind).toBe("posted");
    const again = await post({ runId: 102, state: "pass" }, "still fine", { when: "on-change" });
    expect(again).toMatchObject({ kind: "kept", why: "the verdict has not changed" });
    expect((await bodies())[0]).toContain("fine");
    expect((await bodies())[0]).not.toContain("still");
  });
});

describe("faults", () => {
  test.each([
    ["a time-out after the comment was created", FAULTS.silenceAfterEffect],
    ["a reset after the comment was created", FAULTS.resetAfterEffect],
    ["a time-out before it", FAULTS.silence],
    ["a reset before it", FAULTS.reset],
    ["a 502 with a page", FAULTS.badGateway],
    ["a 500", FAULTS.serverError],
    ["a page with status 200", FAULTS.pageInstead],
  ])("%s leaves exactly one comment", async (_what, fault) => {
    github.fault("POST", /\/comments$/, fault);
    expect((await post({}, "text")).kind).toBe("posted");
    expect(await bodies()).toEqual([`${markerLine(marker())}\ntext`]);
  });

  test.each([
    ["a time-out after the effect", FAULTS.silenceAfterEffect],
    ["a time-out before it", FAULTS.silence],
    ["a 502 with a page", FAULTS.badGateway],
  ])("an update survives %s", async (_what, fault) => {
    await post({}, "first");
    github.fault("PATCH", /comments/, fault);
    await post({ runId: 101 }, "second");
    expect(await bodies()).toEqual([`${markerLine(marker({ runId: 101 }))}\nsecond`]);
  });

  test("a comment deleted between finding and changing it is created again", async () => {
    await post({}, "first");
    const [found] = await github.comments(pull.number);
    github.fault("PATCH", /comments/, { kind: "late", ms: 100 });
    const second = post({ runId: 101 }, "second");
    await new Promise((resolve) => setTimeout(resolve, 60));
    await github.deleteComment(found!.id);
    expect((await second).kind).toBe("posted");
    const all = await github.comments(pull.number);
    expect(all.map(({ body }) => body.split("\n")[1])).toEqual(["second"]);
    expect(all[0]!.id).not.toBe(found!.id);
  });

  test("our own duplicates are folded into the oldest, with the newest text", async () => {
    for (const runId of [5, 6, 7]) {
      const startedAt = `2026-11-20T0${runId}:00:00Z`;
      await github.comment(
        `${markerLine(marker({ runId, startedAt }))}\nrun ${runId}`,
        { token: github.token },
        pull.number,
      );
    }
    const [oldest] = await github.comments(pull.number);
    const outcome = await post({}, "newest");
    expect(outcome).toMatchObject({ kind: "posted", id: oldest!.id });
    expect(await bodies()).toEqual([`${markerLine(marker())}\nnewest`]);
  });

  test("a text that is too long is made shorter", async () => {
    const asked: number[] = [];
    const render = (most: number): string => {
      asked.push(most);
      return "x".repeat(most > 20_000 ? 70_000 : most);
    };
    await post({}, "", { render });
    expect((await bodies())[0]!.length).toBe(8_000);
    expect(Math.max(...asked)).toBeLessThan(60_000);
  });

  test("a text of the full length is posted whole", async () => {
    await post({}, "", { render: (most) => "ä".repeat(most) });
    expect((await bodies())[0]!.length).toBe(60_000);
  });

  test("a closed pull request gets no new comment, but an old one is finished", async () => {
    await post({ state: "progress" }, "measuring");
    await github.closePullRequest(pull.number);
    expect((await post({}, "done")).kind).toBe("posted");
    expect(await bodies()).toEqual([`${markerLine(marker())}\ndone`]);
    expect(await post({ key: "other" }, "late")).toEqual({ kind: "none", why: "the pull request is closed" });
  });

  test.each([
    ["a locked conversation", FAULTS.locked, "locked", /conversation is locked/],
    ["a token that may not", FAULTS.notAccessible, "forbidden", /permissions: \{ pull-requests: write \}/],
    ["an invalid token", FAULTS.badCredentials, "unauthorized", /github-token/],
    ["a pull request that is gone", FAULTS.notFound, "not-found", /deleted/],
    ["issues switched off", FAULTS.gone, "gone", /gone/],
    ["a repository that moved", FAULTS.moved("/elsewhere"), "moved", /renamed/],
  ])("%s is refused in words, after one request", async (_what, fault, kind, words) => {
    github.fault("POST", /\/comments$/, fault, 5);
    const before = github.proxy.seen.length;
    const error = await post({}, "text").then(
      () => null,
      (reason: unknown) => reason as GithubFault,
    );
    expect(error).toBeInstanceOf(GithubFault);
    expect(error).toMatchObject({ code: "github", kind });
    expect(`${error!.message} ${error!.hint}`).toMatch(words);
    const posts = github.proxy.seen
      .slice(before)
      .filter(({ method, path }) => method === "POST" && path !== "/graphql");
    expect(posts).toHaveLength(1);
  });

  test("a read-only token, as forks have, is told of both ways out", async () => {
    const readOnly = await github.tokenWith({ contents: "read", pull_requests: "read" });
    await expect(post({}, "text", {}, readOnly)).rejects.toMatchObject({
      kind: "forbidden",
      hint: expect.stringMatching(/pull-requests: write.*mode: measure.*mode: report/s) as string,
    });
  });
});
