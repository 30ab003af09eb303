import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { wantedIssue } from "../../../src/github/history/report-issue.js";
import { connect, type GithubClient } from "../../../src/github/api/client.js";
import { upsertIssue, type WantedIssue } from "../../../src/github/publish/release-issue.js";
import { measuredBetween } from "../../../src/history/measured-between.js";
import { line, sha } from "../../history/made-up-history.js";
import { sampleResult } from "../../reporters/sample-result.js";
import { startGithub, type Github } from "../parts/github-api.js";

interface Issue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: string;
}

const URL = "https://github.com/acme/shop/actions/runs/1";
let github: Github;
let client: GithubClient;
let stranger: GithubClient;
let serial = 0;
let key = "";

beforeAll(async () => {
  github = await startGithub();
  const edges = { nowMs: () => Date.now(), secondMs: 0, sleep: () => Promise.resolve() };
  client = await connect(github.apiUrl, await github.tokenWith({ issues: "write" }), edges);
  stranger = await connect(github.apiUrl, "owner-token", edges);
});
afterAll(() => github.stop());
beforeEach(() => {
  key = `suite-${++serial}>`;
});
afterEach(() => {
  expect(github.proxy.violations.splice(0)).toEqual([]);
});

const place = (): { owner: string; repository: string } => github;
const wanted = (changes: Partial<WantedIssue> = {}): WantedIssue => ({
  key,
  title: "Slower",
  body: "report",
  state: "open",
  ...changes,
});

async function issues(): Promise<Issue[]> {
  const response = await fetch(
    `${github.apiUrl}/repos/${github.owner}/${github.repository}/issues?state=all`,
    {
      headers: { authorization: `token ${github.token}` },
    },
  );
  const all = (await response.json()) as Issue[];
  return all.filter(({ body }) => body.includes(encodeURIComponent(key).replaceAll("-", "%2D")));
}

describe("the issue", () => {
  test("is opened once, found again, updated, and closed when mended", async () => {
    expect(await upsertIssue(client, place(), wanted())).toMatchObject({ kind: "opened" });
    expect(await upsertIssue(client, place(), wanted({ title: "Slower still", body: "new" }))).toMatchObject({
      kind: "updated",
    });
    expect(await issues()).toMatchObject([{ title: "Slower still", state: "open" }]);
    expect((await issues())[0]!.body).toMatch(/^<!-- tailgate-issue key=\S+ -->\nnew$/u);
    const closed = await upsertIssue(client, place(), wanted({ state: "mended" }));
    expect(closed.kind).toBe("closed");
    expect(await issues()).toMatchObject([{ state: "closed" }]);
  });

  test("is opened anew where the earlier one was closed", async () => {
    await upsertIssue(client, place(), wanted());
    await upsertIssue(client, place(), wanted({ state: "mended" }));
    expect(await upsertIssue(client, place(), wanted())).toMatchObject({ kind: "opened" });
    expect(await issues()).toHaveLength(2);
  });

  test("stays as it is when nothing can be said, and is not opened for that or for a pass", async () => {
    expect(await upsertIssue(client, place(), wanted({ state: "unknown" }))).toEqual({ kind: "none" });
    expect(await upsertIssue(client, place(), wanted({ state: "mended" }))).toEqual({ kind: "none" });
    await upsertIssue(client, place(), wanted());
    expect(await upsertIssue(client, place(), wanted({ state: "unknown", body: "?" }))).toMatchObject({
      kind: "kept",
    });
    expect((await issues())[0]!.body).toContain("report");
  });

  test("two that were opened at once become the older one", async () => {
    await upsertIssue(client, place(), wanted());
    const [first] = await issues();
    await client.call({ doing: "", permission: "", repeatable: false }, (api) =>
      api.rest.issues.create({
        owner: github.owner,
        repo: github.repository,
        title: "twin",
        body: first!.body,
      }),
    );
    await upsertIssue(client, place(), wanted());
    expect((await issues()).filter(({ state }) => state === "open").map(({ number }) => number)).toEqual([
      first!.number,
    ]);
  });

  test("of somebody else with our marker is left alone", async () => {
    await upsertIssue(client, place(), wanted());
    const [{ body }] = (await issues()) as [Issue];
    await upsertIssue(client, place(), wanted({ state: "mended" }));
    await stranger.call({ doing: "", permission: "", repeatable: false }, (api) =>
      api.rest.issues.create({ owner: github.owner, repo: github.repository, title: "theirs", body }),
    );
    expect(await upsertIssue(client, place(), wanted())).toMatchObject({ kind: "opened" });
    expect((await issues()).filter(({ state }) => state === "open")).toHaveLength(2);
  });

  test("that may not be written says which permission is missing", async () => {
    const edges = { nowMs: () => Date.now(), secondMs: 0, sleep: () => Promise.resolve() };
    const weak = await connect(github.apiUrl, await github.tokenWith({ issues: "read" }), edges);
    await expect(upsertIssue(weak, place(), wanted())).rejects.toMatchObject({
      hint: expect.stringContaining("issues: write") as string,
    });
  });
});

describe("what the issue says", () => {
  const slower = sampleResult({ slower: { "list users": 1.2 }, verdict: "regression" });

  test("names the commits in between, and what each had measured by itself", () => {
    const lines = [
      line(1, { metric: "p90", change: 0.1 }),
      line(3, { metric: "p90", change: 0.03 }),
      line(3, { metric: "p90", base: { sha: sha(0), label: "v1.0.0" }, change: 0.2 }),
    ];
    const commits = [3, 2, 1].map((place) => ({ sha: sha(place), subject: `commit ${place} @org | <b>` }));
    const between = measuredBetween(commits, lines, "default");
    expect(between.map(({ measured }) => measured.map(({ change }) => change))).toEqual([[0.03], [], [0.1]]);
    const { title, body, state, key: suite } = wantedIssue("default", { ...slower, between }, URL);
    expect({ state, suite }).toEqual({ state: "open", suite: "default" });
    expect(title).toMatch(/^Regression: list users p90 \+\d/u);
    expect(body).toContain("#### Commits in between");
    expect(body).toMatch(/commit 3 .*\+3\.0 %/u);
    expect(body).toMatch(/commit 2 .*not stored/u);
    expect(body).not.toMatch(/@org|<b>/u);
  });

  test.each([
    ["regression", "open"],
    ["pass", "mended"],
    ["no-baseline", "unknown"],
    ["inconclusive", "unknown"],
    ["invalid", "unknown"],
  ] as const)(
    "a run that is %s makes it %s: a release that no longer builds is no slow head",
    (verdict, state) => {
      expect(wantedIssue("api", { ...sampleResult(), verdict }, URL)).toMatchObject({
        state,
        title: expect.stringMatching(/\(api\)$/u) as string,
      });
    },
  );
});
