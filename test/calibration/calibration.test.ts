import { ofEachMetric } from "../../src/metrics/metrics.js";
import { describe, expect, test } from "vitest";
import { adviceOn } from "../../src/calibration/advice.js";
import { calibrationOf, type Calibration } from "../../src/calibration/calibration.js";
import { resampledRuns, runsInTurn } from "../../src/calibration/experiments.js";
import { someCopies, unchangedSeries } from "../../src/calibration/pairs.js";
import { ratesOf, resampledRates } from "../../src/calibration/rates.js";
import type { Tried } from "../../src/calibration/experiments.js";
import { madeUpCalibration } from "./made-up-calibration.js";

function cell(calibration: Calibration, metric: string): Calibration["noise"][number] {
  return calibration.noise.find((one) => one.metric === metric)!;
}

describe("runs in turn", () => {
  test("runs in turn share no block, and begin only where all their blocks could be used", () => {
    const { record, blocks } = madeUpCalibration(50, { maximumBlocks: 20 });
    const [series] = unchangedSeries(record, blocks);
    const runs = runsInTurn(record, series!);
    // Quiet blocks pass at the first look: at 0, 12 and 24; from 36 on, 20 more do not fit.
    expect(runs.map(({ blocks: used }) => used)).toEqual([12, 12, 12]);
    expect(runs.every(({ verdict }) => verdict === "pass")).toBe(true);
  });

  test("fewer blocks than one run may use give no runs in turn", () => {
    const { record, blocks } = madeUpCalibration(19, { maximumBlocks: 20 });
    expect(runsInTurn(record, unchangedSeries(record, blocks)[0]!)).toEqual([]);
  });

  test("the time of a run in turn is that of its own blocks", () => {
    const { record, blocks } = madeUpCalibration(20);
    const [run] = runsInTurn(record, unchangedSeries(record, blocks)[0]!);
    expect(run!.measuringMs).toBe(12 * 3000);
  });
});

describe("rates", () => {
  const tried = (verdict: Tried["verdict"], blocks = 20): Tried => ({
    verdict,
    blocks,
    measuringMs: 60_000,
    regressed: [],
  });

  test("no run gives no rates", () => {
    expect(ratesOf([])).toBeNull();
    expect(resampledRates([], 100)).toBeNull();
  });

  test("no failure in 20 runs says that the rate is below 14 %", () => {
    const rates = ratesOf(Array.from({ length: 20 }, () => tried("pass")))!;
    expect(rates.failed.high).toBeCloseTo(0.139, 3);
    expect(rates.separateRuns).toBe(20);
  });

  test("400 resampled runs are worth no more than the runs that fit side by side", () => {
    const rates = resampledRates(
      Array.from({ length: 400 }, () => tried("pass")),
      200,
    )!;
    expect(rates.separateRuns).toBe(10);
    expect(rates.failed.high).toBeCloseTo(1 - 0.05 ** (1 / 10), 6);
    expect(rates.runs).toBe(400);
  });

  test("rates count the metrics that failed", () => {
    const failed: Tried = { ...tried("regression", 12), regressed: ["list users p50", "memory"] };
    const rates = ratesOf([failed, { ...failed, regressed: ["memory"] }, tried("pass")])!;
    expect(rates.regressed).toEqual({ "list users p50": 1, memory: 2 });
    expect(rates.failed.share).toBeCloseTo(2 / 3, 9);
    expect(rates.blocks).toBeCloseTo((12 + 12 + 20) / 3, 9);
  });
});

describe("a calibration", () => {
  test("a calibration of a quiet machine lets unchanged code pass, and finds what is slower", () => {
    const recorded = madeUpCalibration(60, { changes: { slower: { latency: 1.2, cpu: 1.1 } } });
    const calibration = calibrationOf(recorded, 25);
    expect(calibration.unchanged.inTurn!.failed.share).toBe(0);
    expect(calibration.unchanged.resampled!.passed.share).toBe(1);
    expect(calibration.pairedBlocks).toBe(120);
    const [slower] = calibration.changes;
    expect(slower!.inTurn!.failed.share).toBe(1);
    expect(slower!.resampled!.failed.share).toBe(1);
    expect(slower!.resampled!.regressed["list users p50"]).toBeGreaterThan(12);
    expect(slower!.resampled!.regressed).not.toHaveProperty("list users throughput");
    const size = slower!.size.find(({ metric }) => metric === "p50")!;
    expect(size.change).toBeCloseTo(0.2, 1);
    expect(size.low).toBeGreaterThan(0.19);
    expect(size.high).toBeLessThan(0.21);
    expect(slower!.size.find(({ metric }) => metric === "throughput")!.change).toBeCloseTo(0, 1);
  });

  test("a calibration tells the noise of one block: the distance between two copies", () => {
    const { noise } = calibrationOf(madeUpCalibration(200, { noise: 0.04 }), 1);
    // A sum of three uniform numbers has a deviation of 0.5; a difference of two logarithms root 2 of that.
    const expected = 0.04 * 0.5 * Math.SQRT2;
    const p50 = noise.find(({ metric }) => metric === "p50")!;
    expect(p50.blockDeviation).toBeGreaterThan(0.85 * expected);
    expect(p50.blockDeviation).toBeLessThan(1.15 * expected);
  });

  test("the limit that would hold is one at which runs do pass, and half of it is one at which they do not", () => {
    const recorded = madeUpCalibration(40, { noise: 0.3, copies: 2 });
    const { provableLimit } = cell(calibrationOf(recorded, 20), "p50");
    const passing = (limit: number): number => {
      const gate = { limit, floor: 0, proof: true };
      const none = { ...ofEachMetric(() => null), p50: gate };
      const { plan } = recorded.record;
      const scenarios = plan.scenarios.map((scenario) => ({ ...scenario, gates: none }));
      const record = { ...recorded.record, plan: { ...plan, scenarios, memoryGate: null } };
      const draw: Parameters<typeof resampledRuns>[3] = (block, random) => someCopies(record, block, random);
      return ratesOf([...resampledRuns(record, recorded.blocks, 20, draw)])!.passed.share;
    };
    expect(passing(provableLimit * 1.1)).toBeGreaterThan(0.85);
    expect(passing(provableLimit * 0.5)).toBeLessThan(0.5);
  });

  test("a calibration leaves untrusted blocks out, and counts them", () => {
    const recorded = madeUpCalibration(30);
    const distrust = [{ kind: "arm-gone" as const, arm: "copy-1", reason: "it ended" }];
    const blocks = recorded.blocks.map((block, index) => (index === 3 ? { ...block, distrust } : block));
    const calibration = calibrationOf({ ...recorded, blocks }, 5);
    expect(calibration.blocks).toBe(29);
    expect(calibration.untrustedBlocks).toBe(1);
  });

  test("a calibration of no block has no rates and no noise", () => {
    const calibration = calibrationOf(madeUpCalibration(0));
    expect(calibration.unchanged).toEqual({ inTurn: null, resampled: null });
    expect(calibration.noise).toEqual([]);
    expect(adviceOn(calibration)).toEqual([]);
  });
});

describe("advice", () => {
  test("the advice on a quiet machine is that the limits hold", () => {
    expect(adviceOn(calibrationOf(madeUpCalibration(40), 20))).toEqual([
      "The limits hold here: 100 % of the resampled runs of unchanged code passed.",
    ]);
  });

  test("the advice says so where each limit holds but not all at once", () => {
    const [advice] = adviceOn(calibrationOf(madeUpCalibration(60, { noise: 0.08 }), 40));
    expect(advice).toMatch(/^Each limit by itself .* all of them together in [0-9.]+ %: a larger `budget`/);
  });

  test("the advice on a noisy machine names each limit that is too tight, and one that would hold", () => {
    const advice = adviceOn(calibrationOf(madeUpCalibration(60, { noise: 0.25 }), 20));
    expect(advice.find((sentence) => sentence.startsWith("p50 of `list users`"))).toMatch(
      /a limit of 5 % is too tight for green\. [0-9.]+ % would hold, or about [0-9.]+ times as many `load.requests`/,
    );
    expect(advice.some((sentence) => sentence.startsWith("p99"))).toBe(false);
    expect(advice.join(" ")).not.toContain("The limits hold");
  });

  test("the advice names what failed where unchanged code fails", () => {
    const calibration = calibrationOf(madeUpCalibration(40), 20);
    const { resampled } = calibration.unchanged;
    const failed = { share: 0.1, low: 0.02, high: 0.3 };
    const alarming = {
      ...calibration,
      unchanged: { inTurn: null, resampled: { ...resampled!, failed, regressed: { "list users cpu": 40 } } },
    };
    expect(adviceOn(alarming)[0]).toBe(
      "Unchanged code failed in 10.0 % of the resampled runs (list users cpu): widen these limits, or measure on a quieter machine.",
    );
  });
});
