import { expect, test } from "vitest";
import { planDiagnosis } from "../../src/diagnosis/diagnosis-schedule.js";

const LOAD = {
  ratePerSecond: 1000,
  requests: 1000,
  warmupRequests: 500,
  capacityPerSecond: { base: 2000, head: 2000 },
};

test("as many blocks are planned as their budget holds, and no more than tell more", () => {
  const { blocks, loads } = planDiagnosis(LOAD, {
    budgetMs: 75_000,
    startMs: 500,
    arms: 2,
    countsCalls: true,
  });
  expect(blocks.calls).toBe(2);
  expect(blocks.cpu).toBeGreaterThan(10);
  const long = planDiagnosis(LOAD, { budgetMs: 900_000, startMs: 500, arms: 2, countsCalls: true });
  expect(long.blocks).toEqual({ calls: 2, cpu: 18 });
  expect(loads.cpu).toEqual({ ratePerSecond: 1000, requests: 1000, warmupRequests: 500 });
});

test("calls are counted at a quarter of the rate, as the service is slower then", () => {
  const { loads } = planDiagnosis(LOAD, { budgetMs: 75_000, startMs: 500, arms: 2, countsCalls: true });
  expect(loads.calls).toEqual({ ratePerSecond: 250, requests: 1000, warmupRequests: 50 });
});

test("with a short budget blocks get smaller before they get fewer", () => {
  const { blocks, loads } = planDiagnosis(LOAD, {
    budgetMs: 15_000,
    startMs: 500,
    arms: 2,
    countsCalls: true,
  });
  expect(blocks.cpu).toBeGreaterThanOrEqual(6);
  expect(loads.cpu.requests).toBeLessThan(1000);
});

test.each([
  [2_000, { calls: 2, cpu: 3 }],
  [5_000, { calls: 2, cpu: 0 }],
  [10_000, { calls: 1, cpu: 0 }],
  [20_000, { calls: 0, cpu: 0 }],
])("of a service that takes %d ms to start, no more is planned than fits", (startMs, planned) => {
  const { blocks, blockMs } = planDiagnosis(LOAD, { budgetMs: 15_000, startMs, arms: 2, countsCalls: true });
  expect(blocks).toEqual(planned);
  expect(blocks.calls * blockMs.calls + blocks.cpu * blockMs.cpu).toBeLessThanOrEqual(15_000);
});

test("a slow service is not asked more often than it can answer within the time", () => {
  const slow = { ...LOAD, ratePerSecond: 5, capacityPerSecond: { base: 10, head: 9 } };
  const { loads } = planDiagnosis(slow, { budgetMs: 75_000, startMs: 500, arms: 2, countsCalls: true });
  expect(loads.calls.requests / loads.calls.ratePerSecond).toBeLessThanOrEqual(20);
  expect(loads.cpu.requests).toBeLessThanOrEqual(100);
});
