import { describe, expect, test } from "vitest";
import { sinceRelease } from "../../src/history/since-release.js";
import { parseResult } from "../../src/model/parse-result.js";
import type { SinceRelease } from "../../src/model/result.js";
import { renderMarkdown } from "../../src/reporters/markdown/report-markdown.js";
import { renderReportPage } from "../../src/reporters/html/report-page.js";
import { sinceReleaseLine } from "../../src/reporters/text/since-release.js";
import { line, order } from "../history/made-up-history.js";
import { sampleResult } from "./sample-result.js";

const ROW: SinceRelease = {
  scenario: "list users",
  metric: "p50",
  release: "v1.2.0",
  change: 0.041,
  low: 0.032,
  high: 0.05,
  limit: 0.05,
  runs: 9,
};
const withRows = (...rows: readonly SinceRelease[]) => ({ ...sampleResult(), sinceRelease: rows });

describe("what had come together before a change", () => {
  test("is one line about the metric that is most beyond its limit", () => {
    const rows = [{ ...ROW, metric: "cpu" as const, change: 0.02, low: 0.01, high: 0.03 }, ROW];
    expect(sinceReleaseLine(withRows(...rows))).toMatch(
      /^p50 of `list users`: [+-]?[\d.]+ % here, and \+4\.1 % \[\+3\.2 %, \+5\.0 %\] before it since `v1\.2\.0` \(limit of one change 5 %\); 1 more metric got worse since then\.$/u,
    );
  });

  test("goes by the direction that is worse: more throughput is no creep", () => {
    const more = { ...ROW, metric: "throughput" as const };
    expect(sinceReleaseLine(withRows(more))).toBe(
      "Since `v1.2.0`, no gated metric is shown to have got worse before this change.",
    );
    expect(sinceReleaseLine(withRows({ ...more, change: -0.04, low: -0.05, high: -0.03 }))).toContain(
      "-4.0 %",
    );
  });

  test("says nothing where nothing is stored", () => {
    expect(sinceReleaseLine(sampleResult())).toBeNull();
  });

  test("stands in the comment and in the page, with names that cannot become markup", () => {
    const result = withRows({ ...ROW, release: "v1.0.0`<img src=x>@org" });
    expect(renderMarkdown(result, { maxCharacters: 60_000 })).toContain("before it since <code>v1.0.0");
    for (const text of [renderMarkdown(result, { maxCharacters: 60_000 }), renderReportPage(result)]) {
      expect(text.includes("<img")).toBe(false);
    }
    expect(renderMarkdown(result, { maxCharacters: 60_000 }).includes("@org")).toBe(false);
    expect(renderReportPage(result).includes("before it since <code>v1.0.0")).toBe(true);
  });

  test("survives result.json, and a result of before it was kept reads as none", () => {
    expect(parseResult(JSON.parse(JSON.stringify(withRows(ROW)))).sinceRelease).toEqual([ROW]);
    const old = { ...sampleResult(), sinceRelease: undefined };
    expect(parseResult(JSON.parse(JSON.stringify(old))).sinceRelease).toEqual([]);
  });
});

test("gated metrics of this suite that are stored since a release have a row", () => {
  const lines = [
    line(1, { change: 0.02 }),
    line(2, { change: 0.02 }),
    line(2, { suite: "other" }),
    line(2, { metric: "p99", gated: false }),
    line(2, { metric: "cpu", unit: "us/request", limit: null }),
  ];
  const rows = sinceRelease(lines, order(2, { "v1.0.0": 0 }), "default");
  expect(rows).toMatchObject([{ metric: "p50", release: "v1.0.0", runs: 2, limit: 0.05 }]);
  expect(rows[0]!.change).toBeCloseTo(1.02 ** 2 - 1, 12);
  expect(sinceRelease(lines, order(2), "default")).toEqual([]);
});
