import { describe, expect, test } from "vitest";
import { binEdgeUs } from "../../src/load/samples/histogram.js";
import { distributionOf } from "../../src/reporters/text/distribution.js";
import { blockNoise, intervalHistory, pairedSeries } from "../../src/reporters/text/paired-series.js";
import { descriptorOf } from "../../src/metrics/metrics.js";
import type { Result } from "../../src/model/result.js";
import { sampleResult } from "./sample-result.js";

const P50 = { scenario: "list users", metric: "p50", arm: "head" } as const;

describe("the pairs behind a picture", () => {
  test("end at the change and interval that the table shows", () => {
    const result = sampleResult({ slower: { "list users": 1.1 }, blocks: 20 });
    for (const cell of result.cells) {
      const last = intervalHistory(pairedSeries(result, cell), descriptorOf(cell.metric).scale).at(-1)!;
      expect(last.blocks).toBe(20);
      expect(last.change).toBeCloseTo(cell.change!, 12);
      expect(last.low).toBeCloseTo(cell.low!, 12);
      expect(last.high).toBeCloseTo(cell.high!, 12);
    }
  });

  test("narrow as blocks come in", () => {
    const history = intervalHistory(pairedSeries(sampleResult({ blocks: 40 }), P50), "log");
    const width = (index: number): number => history.at(index)!.high - history.at(index)!.low;
    expect(history[0]!.blocks).toBe(6);
    expect(width(-1)).toBeLessThan(width(0) / 2);
  });

  test("leave out blocks that were not trusted", () => {
    const result = sampleResult();
    const doubted: Result = {
      ...result,
      blocks: result.blocks.map((block, index) =>
        index === 3 ? { ...block, distrust: [{ kind: "queued-while-idle", requests: 4 }] } : block,
      ),
    };
    expect(pairedSeries(doubted, P50).map((point) => point.block)).not.toContain(4);
    expect(pairedSeries(doubted, P50)).toHaveLength(11);
  });

  test.each([
    ["a scenario that is not in the plan", { ...P50, scenario: "other" }],
    ["an arm that never ran", { ...P50, arm: "other" }],
    ["names that every object inherits", { ...P50, scenario: "constructor", arm: "toString" }],
  ])("of %s are none", (_, place) => {
    expect(pairedSeries(sampleResult(), place)).toEqual([]);
  });

  test("noise is the spread of the pairs, not their shift", () => {
    const quiet = blockNoise(pairedSeries(sampleResult({ noise: 0.1, slower: { "list users": 1.5 } }), P50))!;
    const loud = blockNoise(pairedSeries(sampleResult({ noise: 2 }), P50))!;
    expect(quiet).toBeLessThan(0.05);
    expect(loud).toBeGreaterThan(2 * quiet);
    expect(blockNoise([])).toBeNull();
  });
});

describe("the distribution behind a picture", () => {
  const distribution = distributionOf(sampleResult(), "base", "list users")!;

  test("counts every request once", () => {
    let sum = 0;
    for (let bin = 0; bin < 128; bin++) sum += distribution.share(bin);
    expect(sum).toBeCloseTo(1, 12);
    expect(distribution.requests).toBe(12_000);
  });

  test("gives quantiles to within a bin of the exact ones", () => {
    const exact = sampleResult().cells.find(
      (cell) => cell.scenario === "list users" && cell.metric === "p50",
    )!.baseline!;
    expect(distribution.latencyAt(0.5) / exact).toBeGreaterThan(1 / 1.16);
    expect(distribution.latencyAt(0.5) / exact).toBeLessThan(1.16);
  });

  test("rises with the quantile and stays inside the bins", () => {
    let before = 0;
    for (let quantile = 0; quantile <= 1; quantile += 0.01) {
      const latency = distribution.latencyAt(quantile);
      expect(latency).toBeGreaterThanOrEqual(before);
      before = latency;
    }
    expect(distribution.latencyAt(1)).toBeLessThanOrEqual(binEdgeUs(distribution.binAt(1) + 1));
  });

  test("is none where nothing was served", () => {
    expect(distributionOf(sampleResult(), "other", "list users")).toBeNull();
    expect(distributionOf(sampleResult({ blocks: 0 }), "base", "list users")).toBeNull();
  });
});
