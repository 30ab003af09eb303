import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { describe, expect, test } from "vitest";
import { renderMarkdown } from "../../src/reporters/markdown/report-markdown.js";
import type { Result } from "../../src/model/result.js";
import { renderSummary } from "../../src/reporters/markdown/job-summary.js";
import { sampleResult } from "./sample-result.js";
import { SAMPLES } from "./samples.js";

const COMMENT = { maxCharacters: 60_000 };

function asHtml(markdown: string): string {
  return micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });
}

/** A result with as many rows as `scenarios` times seven, and one. */
function large(scenarios: number, name: (index: number) => string, verdict = true): Result {
  const names = Array.from({ length: scenarios }, (_, index) => name(index));
  return sampleResult({
    scenarios: names,
    blocks: 6,
    ...(verdict ? { verdict: "regression", slower: Object.fromEntries(names.map((one) => [one, 1.3])) } : {}),
  });
}

describe.each(Object.keys(SAMPLES))("the report of: %s", (name) => {
  const markdown = renderMarkdown(SAMPLES[name]!(), COMMENT);

  test("reads as its golden file", async () => {
    await expect(markdown).toMatchFileSnapshot(`golden/markdown/${name}.md`);
  });

  test("holds no markup but our own, and no link, image or mention", () => {
    const html = asHtml(markdown);
    const known =
      /^<\/?(?:h3|p|strong|table|thead|tbody|tr|th|td|code|details|summary|ul|li|pre|sub)\b[^>]*>$/u;
    for (const tag of html.match(/<\/?[a-z!][^>]*>/giu) ?? []) expect(tag).toMatch(known);
    expect(html).not.toContain("<!--");
    // GitHub finds no mentions, issues and links in code; elsewhere nothing may look like one.
    const prose = html.replace(/<pre>.*?<\/pre>/gsu, "");
    expect(prose.replace(/<code>.*?<\/code>/gsu, "")).not.toMatch(/@\w|#\d|:\/\/|www\./u);
    expect(html.match(/<details>/gu)?.length).toBe(html.match(/<\/details>/gu)?.length);
  });
});

describe("a report that would be too long", () => {
  test.each([
    ["500 rows", large(71, (index) => `scenario ${index}`)],
    ["1,400 rows of 200 scenarios", large(200, (index) => `scenario ${index}`)],
    ["names of 300 characters", large(200, (index) => `${index} ${"|".repeat(298)}`)],
    ["1,400 rows, all unchanged", large(200, (index) => `scenario ${index}`, false)],
  ])("%s: stays inside its limit, ends whole and says what was left out", (_, result) => {
    const markdown = renderMarkdown(result, COMMENT);
    expect(markdown.length).toBeLessThanOrEqual(60_000);
    expect(markdown).toContain("Shortened to fit, left out: control rows");
    expect(markdown).toContain(result.reproduce);
    const html = asHtml(markdown);
    expect(html.match(/<details>/gu)?.length).toBe(html.match(/<\/details>/gu)?.length);
    expect(markdown.startsWith(result.verdict === "pass" ? "### 🟢 Pass" : "### 🔴 Regression")).toBe(true);
  });

  test("regressions are the last rows to go", () => {
    const result = large(71, (index) => `scenario ${index}`);
    const mixed: Result = {
      ...result,
      cells: result.cells.map((cell, index) =>
        index === 400 ? { ...cell, scenario: "the one" } : { ...cell, verdict: "unchanged" },
      ),
    };
    const markdown = renderMarkdown(mixed, { maxCharacters: 6_000 });
    expect(markdown.length).toBeLessThanOrEqual(6_000);
    expect(markdown).toContain("<code>the one</code>");
    expect(markdown).toContain("497 unchanged");
  });

  test("reads as its golden file with 500 rows", async () => {
    const markdown = renderMarkdown(
      large(71, (index) => `scenario ${index}`),
      { maxCharacters: 20_000 },
    );
    await expect(markdown).toMatchFileSnapshot("golden/markdown/500-rows.md");
  });

  test.each([60_000, 20_000, 8_000, 4_000, 1_000, 300])("never exceeds %i characters", (maxCharacters) => {
    const long = "very ".repeat(3_000);
    const worst = SAMPLES["hostile"]!();
    const result: Result = {
      ...worst,
      reason: long,
      reproduce: long,
      environment: { ...worst.environment, cpuModel: long, placement: long },
      warnings: Array.from({ length: 500 }, () => ({ code: "long", message: long })),
      logTail: { of: long, lines: `${long}\n`.repeat(20) },
    };
    expect(renderMarkdown(result, { maxCharacters }).length).toBeLessThanOrEqual(maxCharacters);
  });
});

test("the cheapest to read is shown first: the headline names the worst row, its change and its limit", () => {
  const [first] = renderMarkdown(SAMPLES["regression"]!(), COMMENT).split("\n");
  expect(first).toBe("### 🔴 Regression: list users p90 +14.1 %, limit 5 %, and 4 more");
});

test("an accepted slow-down is no regression in the headline and keeps its reason in sight", () => {
  const markdown = renderMarkdown(SAMPLES["accepted"]!(), COMMENT);
  expect(markdown.split("\n")[0]).toContain("apart from 5 accepted changes");
  expect(markdown).toContain("until 2026-12-31: adds audit &#124; log");
  expect(markdown).not.toContain("🔴");
});

test("a row that was not settled is never called unchanged, and no text says that there is no regression", () => {
  for (const make of Object.values(SAMPLES)) {
    const markdown = renderMarkdown(make(), COMMENT);
    expect(markdown).not.toMatch(/no regression|not significant|no difference|observed power/iu);
  }
  const markdown = renderMarkdown(SAMPLES["inconclusive"]!(), COMMENT);
  expect(markdown).toContain("would have been found in 8 of 10 runs");
});

describe("the job summary", () => {
  test.each(["regression", "stacks", "invalid", "hostile"])("reads as its golden file: %s", async (name) => {
    await expect(renderSummary(SAMPLES[name]!())).toMatchFileSnapshot(`golden/summary/${name}.md`);
  });

  test("draws the scenarios that need attention first, and stays under GitHub's limit", () => {
    const slow = sampleResult({
      scenarios: Array.from({ length: 10 }, (_, index) => `scenario ${index}`),
      slower: { "scenario 8": 1.3 },
    });
    const summary = renderSummary(slow);
    expect(summary.match(/```mermaid/gu)).toHaveLength(4);
    expect(summary.indexOf('title "scenario 8')).toBeLessThan(summary.indexOf('title "scenario 0'));
    const most = renderSummary(large(200, (index) => `${index} ${"語".repeat(290)}`));
    expect(new TextEncoder().encode(most).length).toBeLessThan(1024 ** 2);
  });
});
