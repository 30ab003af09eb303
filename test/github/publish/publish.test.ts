import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { finishAbandoned } from "../../../src/github/publish/abandoned-comment.js";
import type { ClientEdges } from "../../../src/github/api/client.js";
import type { GithubEvent } from "../../../src/github/event/event.js";
import type { GithubContext } from "../../../src/github/event/github-context.js";
import { startProgress, UPDATE_EVERY_MS } from "../../../src/github/publish/progress.js";
import { ownPublication, type OwnResult } from "../../../src/github/publish/own-publication.js";
import { publish, type Published } from "../../../src/github/publish/publish.js";
import type { Result } from "../../../src/model/result.js";
import { sampleResult } from "../../reporters/sample-result.js";
import { startArtifactStore, type ArtifactStore } from "../parts/artifact-store.js";
import { FAULTS } from "../parts/faults.js";
import { startGithub, type Github, type PullRequestState } from "../parts/github-api.js";
import { recordingCore, type RecordingCore } from "../parts/recording-core.js";
import { runnerEnvironment } from "../parts/runner.js";

let github: Github;
let store: ArtifactStore;
let folder: string;
let pull: PullRequestState;
let core: RecordingCore;
let serial = 0;

beforeAll(async () => {
  [github, store] = await Promise.all([startGithub(), startArtifactStore()]);
  folder = await mkdtemp(join(tmpdir(), "tailgate-publish-"));
  await writeFile(join(folder, "result.json"), "{}");
  for (const [name, value] of Object.entries(store.environment)) vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([github.stop(), store.stop()]);
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  pull = await github.openPullRequest(`topic-${++serial}`);
  core = recordingCore();
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  github.proxy.faults.length = 0;
  github.proxy.seen.length = 0;
  store.forget();
  expect(github.proxy.violations.splice(0)).toEqual([]);
});

const EDGES: ClientEdges = {
  nowMs: () => Date.now(),
  secondMs: 0,
  sleep: () => Promise.resolve(),
  limits: { requestTimeoutMs: 3_000 },
};

function context(changes: Partial<GithubContext> = {}): GithubContext {
  const event: GithubEvent = {
    kind: "pull_request",
    pullRequest: {
      number: pull.number,
      headSha: pull.headSha,
      headRef: pull.headRef,
      headRepository: "acme/shop",
      baseRef: "main",
      baseSha: pull.baseSha,
      defaultBranch: "main",
      fromFork: false,
    },
  };
  const runner = runnerEnvironment(github, { summaryPath: join(folder, `${serial}.md`) });
  return {
    runner,
    event,
    token: github.token,
    startedAt: "2026-11-21T01:00:00Z",
    core,
    edges: EDGES,
    ...changes,
  };
}

/** Tells of a run that this job has measured itself. */
function tell(own: OwnResult, of: GithubContext): Promise<Published> {
  return publish(ownPublication(own, of), of);
}

function measured(result: Result, changes: Partial<OwnResult> = {}): OwnResult {
  return {
    result,
    files: { json: join(folder, "result.json"), markdown: "/r.md", html: "/r.html" },
    artifact: { root: folder, files: [join(folder, "result.json")] },
    fails: result.verdict === "regression",
    speaks: true,
    ...changes,
  };
}

const red = (): Result =>
  sampleResult({ verdict: "regression", slower: { "list users": 1.4 }, reason: "slower" });
const comments = async (): Promise<string[]> => (await github.comments(pull.number)).map(({ body }) => body);

describe("a finished run is told everywhere", () => {
  test("a finished run gets outputs, summary, annotations, comment, check run and artifact", async () => {
    const token = await github.tokenWith({ contents: "read", pull_requests: "write", checks: "write" });
    const published = await tell(measured(red()), context({ token }));
    expect(published.notes).toEqual([]);
    expect(core.outputs).toMatchObject({
      verdict: "regression",
      "report-html": "/r.html",
      "comment-url": published.commentUrl,
    });
    expect(await readFile(join(folder, `${serial}.md`), "utf8")).toContain("list users");
    expect(core.lines.filter((line) => line.startsWith("error:")).length).toBeGreaterThan(0);
    expect((await comments())[0]).toContain("list users");
    expect(github.checkRuns()).toMatchObject([
      { name: "tailgate (api)", conclusion: "failure", head_sha: pull.headSha },
    ]);
    expect(store.artifacts.map(({ name }) => name)).toEqual(["tailgate-api"]);
  });

  test("500 cells make a comment under 60,000 characters that GitHub takes", async () => {
    const names = Array.from({ length: 72 }, (_, i) => `scenario number ${i} with a name of some length`);
    const result = sampleResult({
      verdict: "regression",
      scenarios: names,
      slower: { [names[3]!]: 1.4 },
      blocks: 12,
    });
    expect(result.cells.length).toBeGreaterThan(500);
    const published = await tell(measured(result), context());
    expect(published.notes).toEqual([]);
    expect((await comments())[0]!.length).toBeLessThanOrEqual(60_000);
  });

  test("a token without `checks: write` makes no check run and no warning", async () => {
    const published = await tell(measured(red()), context());
    expect(published.notes).toEqual([]);
    expect(github.checkRuns()).toEqual([]);
    expect(core.lines.filter((line) => line.startsWith("warning:"))).toEqual([]);
  });

  test("a regression that may not fail the job has a neutral check and warnings", async () => {
    const token = await github.tokenWith({ pull_requests: "write", checks: "write" });
    await tell(measured(red(), { fails: false }), context({ token }));
    expect(github.checkRuns()).toMatchObject([{ conclusion: "neutral" }]);
    expect(core.lines.some((line) => line.startsWith("error:"))).toBe(false);
  });

  test("`mode: measure` asks nothing of the API and stores the artifact", async () => {
    await tell(measured(red(), { speaks: false }), context());
    expect(github.proxy.seen).toEqual([]);
    expect(store.artifacts).toHaveLength(1);
    expect(core.outputs).toMatchObject({ verdict: "regression", "comment-url": "" });
  });

  test("`comment: never` leaves the pull request alone", async () => {
    const result = red();
    const quiet = {
      ...result,
      plan: { ...result.plan, report: { ...result.plan.report, comment: "never" as const } },
    };
    const published = await tell(measured(quiet), context());
    expect(published).toEqual({ commentUrl: null, notes: [] });
    expect(await comments()).toEqual([]);
  });
});

describe("events without a pull request", () => {
  test.each<GithubEvent>([
    {
      kind: "push",
      before: "0".repeat(40),
      after: "a".repeat(40),
      ref: "refs/heads/main",
      defaultBranch: "main",
    },
    { kind: "merge_group", baseSha: "b".repeat(40), headSha: "a".repeat(40), baseRef: "refs/heads/main" },
    { kind: "schedule", defaultBranch: "main" },
    { kind: "workflow_dispatch", defaultBranch: "main" },
    { kind: "other", name: "release" },
  ])("a $kind event has its report in the summary and no note about a comment", async (event) => {
    const published = await tell(measured(red()), context({ event }));
    expect(published).toEqual({ commentUrl: null, notes: [] });
    expect(await readFile(join(folder, `${serial}.md`), "utf8")).toContain("list users");
  });
});

describe("a failure stops nothing else and is told in words", () => {
  const rest = async (): Promise<void> => {
    expect(core.outputs["verdict"]).toBe("regression");
    expect(await readFile(join(folder, `${serial}.md`), "utf8")).toContain("list users");
    expect(store.artifacts).toHaveLength(1);
  };

  test.each([
    ["401 in mid-run", FAULTS.badCredentials, /not valid \(401\).*github-token/s],
    ["403 for a fork's token", FAULTS.notAccessible, /pull-requests: write.*mode: measure.*mode: report/s],
    ["a locked conversation", FAULTS.locked, /locked/],
    ["410", FAULTS.gone, /gone/],
    ["a huge retry-after", FAULTS.tooManyRequests({ "retry-after": "999999" }), /rate limit/],
    ["a pull request that is gone", FAULTS.notFound, /deleted/],
    ["a page instead of JSON, for ever", FAULTS.pageInstead, /proxy/],
  ])(
    "a run ends its publication in spite of %s on every request, and says so",
    async (_what, fault, words) => {
      for (const method of ["GET", "POST", "PATCH"]) github.fault(method, /./, fault, 99);
      const published = await tell(measured(red()), context());
      expect(published.commentUrl).toBeNull();
      expect(published.notes.join("\n")).toMatch(words);
      expect(core.lines.filter((line) => line.startsWith("warning: [Tailgate]"))).toHaveLength(
        published.notes.length,
      );
      await rest();
    },
  );

  test("an API that never responds is asked four times for the pull request, and once for the check run", async () => {
    github.fault("GET", /./, FAULTS.silence, 99);
    github.fault("POST", /./, FAULTS.silence, 99);
    const edges = { ...EDGES, limits: { requestTimeoutMs: 200 } };
    const published = await tell(measured(red()), context({ edges }));
    expect(published.notes.join("\n")).toMatch(/no response in time/);
    const sent = (path: RegExp): number => github.proxy.seen.filter((one) => path.test(one.path)).length;
    expect([sent(/\/pulls\/\d+$/), sent(/\/check-runs$/)]).toEqual([4, 1]);
    await rest();
  });

  test("an empty token costs only the comment, and that is said", async () => {
    const published = await tell(measured(red()), context({ token: "" }));
    expect(published.notes).toEqual([
      "There is no comment: `github-token` is empty. The job summary has the report.",
    ]);
    await rest();
  });

  test("outputs that cannot be written do not stop the comment", async () => {
    const broken: RecordingCore = {
      ...core,
      setOutput: () => {
        throw new Error("Missing file at path: /gone");
      },
    };
    const published = await tell(measured(red()), context({ core: broken }));
    expect(published.notes[0]).toContain("The outputs were not written: Error: Missing file");
    expect(await comments()).toHaveLength(1);
  });

  test("a missing summary file and a missing artifact service are two notes, and the comment is posted", async () => {
    vi.stubEnv("ACTIONS_RUNTIME_TOKEN", "");
    const runner = runnerEnvironment(github, { summaryPath: null });
    const published = await tell(measured(red()), context({ runner }));
    vi.stubEnv("ACTIONS_RUNTIME_TOKEN", store.environment["ACTIONS_RUNTIME_TOKEN"]);
    expect(published.notes).toHaveLength(2);
    expect(published.commentUrl).not.toBeNull();
  });
});

describe("progress", () => {
  const state = {
    step: "measuring",
    block: 0,
    maximumBlocks: 40,
    elapsedMs: 0,
    remainingMs: 240_000,
    arms: [],
    watched: [],
  };
  const options = { comment: "always", key: "api", state } as const;

  afterEach(() => {
    vi.useRealTimers();
  });

  /** Octokit's plugin sets a timer before each request, which only moves with the fake clock. */
  async function inFakeTime(work: Promise<void>): Promise<void> {
    const state = { ended: false };
    void work.finally(() => {
      state.ended = true;
    });
    while (!state.ended) {
      await new Promise(setImmediate);
      await vi.advanceTimersByTimeAsync(1);
    }
  }

  test("the comment says that the run is measuring and for how long, then becomes the result", async () => {
    const progress = await startProgress(context(), options);
    expect((await comments())[0]).toContain("measuring, block 0 of at most 40, about 4 minutes more");
    await progress.stop();
    await tell(measured(red()), context());
    const all = await comments();
    expect(all).toHaveLength(1);
    expect(all[0]).not.toContain("at work");
  });

  test("a progress comment changes at most every 30 s, to the latest state", async () => {
    const progress = await startProgress(context(), options);
    const patches = (): number => github.proxy.seen.filter(({ method }) => method === "PATCH").length;
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    for (let block = 1; block <= 20; block++) {
      progress.update({ ...state, block });
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(patches()).toBe(0);
    await vi.advanceTimersByTimeAsync(UPDATE_EVERY_MS - 20_000);
    await inFakeTime(progress.stop());
    vi.useRealTimers();
    expect((await comments())[0]).toContain("block 20 of");
    expect(patches()).toBe(1);
  });

  test("a progress update never touches the comment of a newer run", async () => {
    const progress = await startProgress(context(), options);
    const runner = runnerEnvironment(github, { runId: 101, summaryPath: null });
    await tell(measured(red(), { artifact: null }), context({ runner, startedAt: "2026-11-21T02:00:00Z" }));
    const [newer] = await comments();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    progress.update({ ...state, block: 9 });
    await vi.advanceTimersByTimeAsync(UPDATE_EVERY_MS);
    await inFakeTime(progress.stop());
    vi.useRealTimers();
    expect(await comments()).toEqual([newer]);
  });

  test.each([
    ["on-change", { comment: "on-change" as const }],
    ["never", { comment: "never" as const }],
  ])("`comment: %s` posts no progress", async (_what, changes) => {
    await startProgress(context(), { ...options, ...changes });
    expect(github.proxy.seen).toEqual([]);
  });

  test("a progress comment that is refused is one line in the log and no failure", async () => {
    github.fault("POST", /\/comments$/, FAULTS.notAccessible);
    const progress = await startProgress(context(), options);
    progress.update(state);
    await progress.stop();
    expect(core.lines).toHaveLength(1);
    expect(core.lines[0]).toMatch(/^info: No progress in a comment: .*pull-requests: write/);
  });

  test("a run that was stopped leaves no comment that says it goes on", async () => {
    await startProgress(context(), options);
    await finishAbandoned(context());
    expect((await comments())[0]).toContain("was stopped before it had a result");
    await tell(measured(red()), context({ runner: runnerEnvironment(github, { runAttempt: 2 }) }));
    expect(await comments()).toHaveLength(1);
  });

  test("cleaning up leaves a finished result and other runs alone", async () => {
    await tell(measured(red()), context());
    const before = await comments();
    await finishAbandoned(context());
    github.fault("GET", /./, FAULTS.serverError, 99);
    await finishAbandoned(context());
    github.proxy.faults.length = 0;
    expect(await comments()).toEqual(before);
  });
});
