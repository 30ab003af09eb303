import { describe, expect, test } from "vitest";
import { createColors } from "picocolors";
import { renderReportPage } from "../../src/reporters/html/report-page.js";
import { pairedRatio } from "../../src/reporters/text/paired-series.js";
import { timesFigure } from "../../src/reporters/markdown/stack-markdown.js";
import { stackTables, timesNumber } from "../../src/reporters/text/stack-table.js";
import { stackTerminal } from "../../src/reporters/terminal/stack-terminal.js";
import { columnsOf } from "../../src/reporters/terminal/width.js";
import { sampleResult } from "./sample-result.js";
import { SAMPLES } from "./samples.js";

const compared = SAMPLES["stacks-without-limits"]!();
const [table] = stackTables(compared);
const rowOf = (label: string) => table!.rows.find((row) => row.label === label)!.figures;

describe("stacks side by side", () => {
  test("stand only where whole stacks were compared, and measured", () => {
    expect(stackTables(sampleResult())).toEqual([]);
    expect(stackTables({ ...compared, blocks: [] })).toEqual([]);
    expect(stackTables(SAMPLES["stacks"]!()).map(({ scenario }) => scenario)).toEqual([
      "list users",
      "one user",
    ]);
  });

  test("have a row for each measure and a column for each stack, as the plan lists them", () => {
    expect(table!.stacks).toEqual(["fastapi", "axum", "rocket"]);
    expect(table!.rows.map(({ label }) => label)).toEqual([
      "throughput",
      "p50",
      "p99",
      "p99.9",
      "peak memory",
      "peak CPU of a core",
    ]);
  });

  test("say how many times the baseline's a figure is, and of the baseline nothing", () => {
    const [fastapi, axum] = rowOf("throughput");
    expect(fastapi!.times).toBeNull();
    expect(axum!.times!.times).toBeCloseTo(20, 0);
    expect(axum!.times!.low).toBeLessThan(axum!.times!.times);
    expect(axum!.times!.high).toBeGreaterThan(axum!.times!.times);
  });

  test("give no latency beyond p50 for a stack whose p99 is overloaded", () => {
    expect(rowOf("p50")[2]!.value).toMatch(/ms$/);
    for (const label of ["p99", "p99.9"]) {
      expect(rowOf(label)[2]).toEqual({ value: "overloaded", times: null });
    }
  });

  test("give no latency of a baseline that cannot serve the rate either", () => {
    const cells = compared.cells.map((cell) =>
      cell.metric === "p50" ? { ...cell, baseline: null, verdict: "unavailable" as const } : cell,
    );
    const [without] = stackTables({ ...compared, cells });
    const p50 = without!.rows.find((row) => row.label === "p50")!.figures;
    expect(p50.map(({ value }) => value)).toEqual(["not available", "not available", "not available"]);
  });

  test("fit a terminal: intervals go before figures do", () => {
    const palette = createColors(false);
    const wide = stackTerminal(table!, { columns: 120, palette });
    expect(wide.join("\n")).toMatch(/times fastapi +1 +20\.\d \[\d/);
    const narrow = stackTerminal(table!, { columns: 50, palette });
    expect(narrow.join("\n")).not.toContain("[");
    for (const line of narrow) expect(columnsOf(line)).toBeLessThanOrEqual(50);
  });

  test("stand in the HTML report, names escaped", () => {
    expect(renderReportPage(compared)).toContain("Stacks side by side, list users");
    const named = JSON.parse(JSON.stringify(compared).replaceAll('"axum"', '"<b>axum"')) as typeof compared;
    expect(renderReportPage(named)).not.toContain("<b>axum");
  });
});

describe("how many times", () => {
  test("is not said of fewer blocks than give an interval, nor of values without a ratio", () => {
    expect(pairedRatio([1, 1, 1, 1, 1], [2, 2, 2, 2, 2])).toBeNull();
    expect(pairedRatio([0, 0, 0, 0, 0, 0, 0], [2, 2, 2, 2, 2, 2, 2])).toBeNull();
    expect(pairedRatio([1, 1, 1, 1, 1, 1, null], [2, 2, 2, 2, 2, 2, 2])!.times).toBeCloseTo(2);
  });

  test.each([
    [0.0123, "0.012"],
    [0.996, "1.00"],
    [1.01, "1.01"],
    [9.999, "10.0"],
    [25.14, "25.1"],
    [1234, "1,234"],
  ])("%d reads as %s", (times, text) => {
    expect(timesNumber(times)).toBe(text);
  });

  test("stands beside its interval, and is a dash where it is not known", () => {
    expect(timesFigure({ times: 25.1, low: 24.3, high: 26 })).toBe("25.1 [24.3, 26.0]");
    expect(timesFigure(null)).toBe("–");
  });
});
