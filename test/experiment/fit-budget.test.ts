import { describe, expect, test } from "vitest";
import { DEFAULT_LOAD } from "../../src/config/defaults.js";
import {
  fewestForVerdict,
  fitBudget,
  type Budget,
  type FittedBlocks,
  type SizedLoad,
} from "../../src/experiment/fit-budget.js";
import { capacityBurstMs } from "../../src/experiment/load-size.js";
import type { FixedLoad } from "../../src/model/schedule.js";
import { plannedLooks } from "../../src/stats/alpha-spending.js";

const BUDGET: Budget = { budgetMs: 300_000, pilotMs: 20_000, overheadMs: 1_500, alpha: 0.01 };

/** A scenario that both arms serve so often a second; half of it is offered. */
function sized(scenario: string, capacityPerSecond: number): SizedLoad {
  const load: FixedLoad = {
    scenario,
    arms: ["base", "head"],
    ratePerSecond: capacityPerSecond / 2,
    rateFrom: "auto",
    capacityPerSecond: { base: capacityPerSecond, head: capacityPerSecond },
    burstMs: 100,
    capacityBurstMs: capacityBurstMs(DEFAULT_LOAD.connections, capacityPerSecond),
    requests: 1000,
    warmupRequests: 500,
    capacityRequests: Math.max(50, Math.round(0.6 * capacityPerSecond)),
  };
  return { load, plan: DEFAULT_LOAD };
}

const many = (count: number, capacityPerSecond: number): SizedLoad[] =>
  Array.from({ length: count }, (_, i) => sized(`s${i}`, capacityPerSecond));

const requests = ({ loads }: FittedBlocks): number[] => loads.map((load) => load.requests);

describe("what fits the budget of one runner among several", () => {
  test("is its share of forty blocks, within the budget", () => {
    for (const runners of [2, 4, 8, 16, 64]) {
      const fitted = fitBudget(many(2, 1000), { ...BUDGET, runners });
      expect([0, 1]).toContain(Math.ceil(40 / runners) - fitted.maximumBlocks);
      expect(fitted.maximumBlocks * fitted.estimatedBlockMs).toBeLessThanOrEqual(280_000);
    }
  });

  test("is fewer blocks where its share does not fit, and never fewer than a verdict of all needs", () => {
    const fitted = fitBudget(many(10, 1000), { ...BUDGET, runners: 4, budgetMs: 60_000 });
    expect(fitted.maximumBlocks).toBeLessThan(10);
    expect(4 * fitted.maximumBlocks).toBeGreaterThanOrEqual(7);
  });
});

describe("what fits the budget", () => {
  test("keeps its requests, and more where forty blocks would leave a part of the budget", () => {
    expect(requests(fitBudget([sized("a", 1000)], BUDGET))).toEqual([1000]);
    expect(requests(fitBudget(many(3, 1000), BUDGET))).toEqual([1000, 1000, 1000]);
    expect(requests(fitBudget([sized("a", 20_000)], BUDGET))[0]).toBeGreaterThan(1000);
  });

  test("closed loops last a second instead of six tenths where the first look leaves room", () => {
    const closed = (count: number): number[] =>
      fitBudget(many(count, 1000), BUDGET).loads.map((load) => load.capacityRequests);
    expect(closed(1)).toEqual([1000]);
    expect(closed(2)).toEqual([1000, 1000]);
    expect(closed(3)).toEqual([600, 600, 600]);
  });

  test("longer blocks leave a fifth of the budget: a clear answer comes sooner", () => {
    const blocksMs = 40 * fitBudget([sized("a", 5000)], BUDGET).estimatedBlockMs;
    expect(blocksMs).toBeLessThanOrEqual(0.8 * 280_000 + 1);
    expect(blocksMs).toBeGreaterThan(0.75 * 280_000);
  });

  test("the blocks up to the first look leave a quarter to what is open then, where several gave up requests", () => {
    const fitted = fitBudget(many(10, 1000), BUDGET);
    expect(12 * fitted.estimatedBlockMs).toBeLessThanOrEqual(0.75 * 280_000 + 1);
    expect(12 * fitted.estimatedBlockMs).toBeGreaterThan(0.7 * 280_000);
    expect(new Set(requests(fitted)).size).toBe(1);
    expect(fitted.maximumBlocks).toBeGreaterThan(20);
    expect(plannedLooks(fitted.maximumBlocks)[0]).toBe(12);
  });

  test("one scenario a hundred times slower than the others gives up its own requests alone", () => {
    const fitted = fitBudget([...many(3, 2000), sized("slow", 20)], { ...BUDGET, budgetMs: 900_000 });
    expect(requests(fitted).slice(0, 3)).toEqual([1000, 1000, 1000]);
    expect(requests(fitted)[3]).toBeGreaterThanOrEqual(50);
    expect(requests(fitted)[3]).toBeLessThan(300);
  });

  test("closed loops have four bursts for each arm or more, and short ones two of five turns", () => {
    const bursts = (count: number, perSecond: number): number => {
      const { loads } = fitBudget(many(count, perSecond), { ...BUDGET, budgetMs: 120_000 });
      const { capacityRequests, capacityBurstMs } = loads[0]!;
      expect((capacityBurstMs * perSecond) / 1000).toBeGreaterThan(4.9 * DEFAULT_LOAD.connections);
      return (1000 * capacityRequests) / perSecond / capacityBurstMs;
    };
    expect(bursts(1, 2000)).toBeCloseTo(10, 0);
    expect(bursts(2, 1000)).toBeCloseTo(4, 0);
    expect(bursts(4, 2000)).toBeCloseTo(4, 0);
    expect(bursts(4, 1000)).toBeCloseTo(2, 0);
    // Of a slow service one burst of more than half a second.
    expect(bursts(1, 100)).toBeCloseTo(1, 0);
  });

  test("where not even the fewest requests fit twelve times, there are fewer blocks, down to seven", () => {
    const fitted = fitBudget([sized("slow", 10)], BUDGET);
    expect(fitted.maximumBlocks).toBeGreaterThanOrEqual(7);
    expect(fitted.maximumBlocks).toBeLessThan(12);
    expect(fitted.maximumBlocks * fitted.estimatedBlockMs).toBeLessThanOrEqual(280_000);
  });
});

test.each([
  [0.001, 11],
  [0.01, 7],
  [0.05, 6],
  [0.49, 6],
])("at an alpha of %f the fewest blocks that can give an answer are %i", (alpha, blocks) => {
  expect(fewestForVerdict(alpha)).toBe(blocks);
});

describe("a budget that cannot give any verdict", () => {
  test("is refused with one that can", () => {
    const tooSmall = { ...BUDGET, budgetMs: 10_000, pilotMs: 2_000 };
    const refused = (): FittedBlocks => fitBudget([sized("a", 100)], tooSmall);
    expect(refused).toThrow(
      "A budget of 10 s cannot give any verdict: with an alpha of 1 %, 7 blocks are the fewest that can",
    );
    let hint = "";
    try {
      refused();
    } catch (error) {
      hint = (error as { hint: string }).hint;
    }
    const [, amount, unit] = /Set `budget` to (\d+)(s|m) or more/u.exec(hint)!;
    const budgetMs = Number(amount) * (unit === "m" ? 60_000 : 1_000);
    const fitted = fitBudget([sized("a", 100)], { ...tooSmall, budgetMs });
    expect(fitted.maximumBlocks).toBeGreaterThanOrEqual(7);
  });

  test("is told and tried where it is short by less than half: one launch is a rough estimate", () => {
    const notes: string[] = [];
    const short = { ...BUDGET, budgetMs: 14_000, pilotMs: 2_000 };
    const fitted = fitBudget([sized("a", 300)], short, notes);
    expect(fitted.maximumBlocks).toBe(7);
    expect(fitted.maximumBlocks * fitted.estimatedBlockMs).toBeGreaterThan(12_000);
    expect(notes.join()).toMatch(
      /A budget of 14 s may not give any verdict: .* Set `budget` to \d+(s|m) or more/,
    );
  });

  test("is refused for sixty slow scenarios, and not for sixty quick ones", () => {
    expect(() => fitBudget(many(60, 50), BUDGET)).toThrow("cannot give any verdict");
    const quick = fitBudget(many(60, 2000), BUDGET);
    expect(12 * quick.estimatedBlockMs).toBeLessThanOrEqual(280_000);
    expect(Math.min(...requests(quick))).toBeGreaterThanOrEqual(50);
  });
});
