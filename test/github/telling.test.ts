import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { annotationsOf } from "../../src/github/publish/annotations.js";
import { conclusionOf } from "../../src/github/publish/check.js";
import { annotate, logGroup, withoutCommands } from "../../src/github/publish/log-commands.js";
import { outputsOf } from "../../src/github/publish/outputs.js";
import { endedMarkdown, progressMarkdown } from "../../src/github/publish/progress.js";
import { summaryTexts, writeSummary } from "../../src/github/publish/summary.js";
import { readRunnerEnvironment } from "../../src/github/event/runner-environment.js";
import { sampleResult } from "../reporters/sample-result.js";
import { recordingCore } from "./parts/recording-core.js";

const FILES = { json: "/out/result.json", markdown: "/out/report.md", html: null };
const slow = (scenarios: number) => {
  const names = Array.from({ length: scenarios }, (_, i) => `scenario ${i}`);
  return sampleResult({
    verdict: "regression",
    scenarios: names,
    slower: Object.fromEntries(names.map((name) => [name, 1.5])),
    noise: 0.004,
    reason: "slower",
  });
};

describe("outputs", () => {
  test("name the verdict, the regressed cells and the files", () => {
    const outputs = outputsOf(slow(1), FILES);
    expect(outputs).toMatchObject({
      verdict: "regression",
      "result-json": "/out/result.json",
      "report-html": "",
    });
    const cells = JSON.parse(outputs["regressions"]!) as {
      scenario: string;
      metric: string;
      verdict: string;
    }[];
    expect(cells.length).toBeGreaterThan(0);
    expect(cells[0]).toMatchObject({ scenario: "scenario 0", verdict: "regressed" });
  });

  test("a pass has an empty list", () => {
    expect(outputsOf(sampleResult({ noise: 0.004 }), FILES)["regressions"]).toBe("[]");
  });

  test("a thousand regressions stay valid JSON within what GitHub takes", () => {
    const { regressions } = outputsOf(slow(100), FILES);
    expect(Buffer.byteLength(regressions!)).toBeLessThanOrEqual(200_000);
    expect(Buffer.byteLength(regressions!)).toBeGreaterThan(190_000);
    expect(Array.isArray(JSON.parse(regressions!))).toBe(true);
  });
});

describe("annotations", () => {
  test("one error a regression, ten at most, the last counting the rest", () => {
    const annotations = annotationsOf(slow(20), true);
    expect(annotations).toHaveLength(10);
    expect(annotations.every(({ level, message }) => level === "error" && message.length <= 4096)).toBe(true);
    expect(annotations[9]!.message).toMatch(/^and \d+ more regressions/);
  });

  test.each([
    ["regression", true, "error"],
    ["regression", false, "warning"],
    ["inconclusive", false, "warning"],
    ["inconclusive", true, "error"],
    ["no-baseline", false, "notice"],
    ["invalid", true, "error"],
  ] as const)("%s (fails: %s) is shown as %s", (verdict, fails, level) => {
    const [first] = annotationsOf(sampleResult({ verdict, reason: "why" }), fails);
    expect(first).toMatchObject({ level });
  });

  test("a pass shows none", () => {
    expect(annotationsOf(sampleResult({ verdict: "pass" }), false)).toEqual([]);
  });

  test("a reason without end is cut", () => {
    const [only] = annotationsOf(sampleResult({ verdict: "invalid", reason: "x".repeat(100_000) }), true);
    expect(only!.message.length).toBe(4_000);
  });

  test("lines and control characters of a name stay inside", () => {
    const core = recordingCore();
    annotate(core, {
      level: "error",
      title: "a\n::error::b",
      message: "x\r\n::set-output name=y::z\u001b[31m",
    });
    expect(core.lines).toEqual(["error: [a ::error::b] x ::set-output name=y::z"]);
  });
});

describe("the log", () => {
  test.each([
    ["::error::x", ": :error::x"],
    ["  ::add-mask::a", "  : :add-mask::a"],
    ["a\n::stop-commands::t\nb", "a\n: :stop-commands::t\nb"],
    ["a\u2028::error::b", "a\n: :error::b"],
    ["x ##[error]y", "x # #[error]y"],
    ["std::vector is fine", "std::vector is fine"],
    [":::", ": ::"],
  ])("%j cannot command the runner", (text, harmless) => {
    expect(withoutCommands(text)).toBe(harmless);
  });

  test("a group's title is one line", () => {
    const core = recordingCore();
    logGroup(core, "head\n::endgroup::", "::error::x");
    expect(core.lines).toEqual(["group: head ::endgroup::", "info: : :error::x"]);
  });
});

describe("the job summary", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tailgate-summary-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("is appended to what is there", async () => {
    const path = join(folder, "a.md");
    await writeFile(path, "before\n");
    expect(await writeSummary(path, [() => "report"])).toBeNull();
    expect(await readFile(path, "utf8")).toBe("before\nreport\n");
  });

  test("is made shorter until it fits into 1 MiB, whatever its characters weigh", async () => {
    const path = join(folder, "b.md");
    const texts = [600_000, 500_000, 200_000].map((length) => () => "\u4e16".repeat(length));
    expect(await writeSummary(path, texts)).toBeNull();
    expect((await stat(path)).size).toBe(600_001);
  });

  test("has the pictures where they fit, and of 500 cells still the report", async () => {
    const path = join(folder, "pictures.md");
    await writeSummary(path, summaryTexts(slow(2)));
    expect(await readFile(path, "utf8")).toContain("```mermaid");
    const names = Array.from({ length: 72 }, (_, i) => `scenario ${i}`);
    const large = join(folder, "large.md");
    expect(await writeSummary(large, summaryTexts(sampleResult({ scenarios: names })))).toBeNull();
    expect((await stat(large)).size).toBeLessThan(1024 * 1024);
  });

  test("that is full already stays as it is", async () => {
    const path = join(folder, "c.md");
    await writeFile(path, "x".repeat(1024 * 1024 - 10));
    expect(await writeSummary(path, [() => "longer than ten"])).toMatch(/full/);
    expect((await stat(path)).size).toBe(1024 * 1024 - 10);
  });

  test("unset is a note", async () => {
    expect(await writeSummary(null, [() => "x"])).toMatch(/GITHUB_STEP_SUMMARY is not set/);
  });

  test("that cannot be written is a note with the system's reason", async () => {
    expect(await writeSummary(join(folder, "absent", "x.md"), [() => "x"])).toMatch(/ENOENT/);
    expect(await writeSummary(folder, [() => "x"])).toMatch(/EISDIR/);
  });
});

describe("check runs", () => {
  test.each([
    ["regression", "failure", "failure"],
    ["invalid", "failure", "failure"],
    ["pass", "success", "neutral"],
    ["inconclusive", "neutral", "neutral"],
    ["no-baseline", "neutral", "neutral"],
  ] as const)(
    "%s concludes as %s, and as %s where the numbers are a stranger's",
    (verdict, own, stranger) => {
      expect(conclusionOf(verdict, true)).toBe(own);
      expect(conclusionOf(verdict, false)).toBe(stranger);
    },
  );
});

describe("progress", () => {
  const runner = readRunnerEnvironment({ GITHUB_REPOSITORY: "acme/shop", GITHUB_RUN_ID: "5" });
  const state = {
    step: "measuring",
    block: 3,
    maximumBlocks: 40,
    elapsedMs: 1,
    remainingMs: 221_000,
    arms: [],
    watched: [],
  };

  test("says how long it will take", () => {
    expect(progressMarkdown(state, runner)).toBe(
      "**Tailgate** is at work: measuring, block 3 of at most 40, about 4 minutes more. " +
        "[Follow the run](https://github.com/acme/shop/actions/runs/5).",
    );
    expect(
      progressMarkdown({ ...state, maximumBlocks: null, remainingMs: null, step: "building | head" }, runner),
    ).toContain("building &#124; head. ");
    expect(progressMarkdown({ ...state, remainingMs: 10 }, runner)).toContain("about a minute more");
  });

  test("a run that was stopped says that nothing is known", () => {
    expect(endedMarkdown(runner)).toContain("nothing is known");
  });
});
