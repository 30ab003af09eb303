import { describe, expect, test } from "vitest";
import { DEFAULT_LOAD } from "../../src/config/defaults.js";
import {
  autoRate,
  burstMs,
  capacityBurstMs,
  capacityRequests,
  maximumBlocks,
  rateRequests,
  stretch,
  warmupRequests,
} from "../../src/experiment/load-size.js";

describe("a burst", () => {
  test("is four times as long as a queue at its load takes to forget, from 20 ms to 1 s", () => {
    const lengths = [100, 1000, 2000, 10_000, 1_000_000].map((p50Us) => burstMs(p50Us, 1 / 3));
    expect(lengths).toEqual([20, 22, 45, 224, 1000]);
    expect([0.2, 0.5, 0.8, 2].map((share) => burstMs(2000, share))).toEqual([26, 93, 718, 1000]);
  });

  test("to a service whose capacity is not known is as long as at half of it", () => {
    expect(burstMs(2000, null)).toBe(burstMs(2000, 0.5));
  });
});

test("a burst at capacity lasts ten times what a request takes with every connection busy, from 100 ms to 2 s", () => {
  expect([10_000, 412, 100, 10].map((perSecond) => capacityBurstMs(10, perSecond))).toEqual([
    100, 243, 1000, 2000,
  ]);
});

test("auto is a third of the slowest arm's capacity, less for a quick one, and never more than one generator can offer", () => {
  const rates = (...capacities: number[]): number[] => capacities.map((one) => autoRate(DEFAULT_LOAD, one));
  expect(rates(1000, 3, 0.1)).toEqual([333, 1, 0.1]);
  // 1,000 requests in 1.5 s, but no less than a fifth.
  expect(rates(2000, 2500, 3333, 5000, 90_000)).toEqual([667, 667, 667, 1000, 10_000]);
  expect(autoRate({ requests: 5000 }, 8000)).toBe(2667);
});

describe("work per block", () => {
  const alike = { fastest: 1000, slowest: 1000 };
  const farApart = { fastest: 1000, slowest: 80 };

  test("arms that are alike get the requests that were planned", () => {
    expect(warmupRequests(DEFAULT_LOAD, alike)).toBe(500);
    expect(rateRequests(DEFAULT_LOAD, 500, alike)).toBe(1000);
    expect(capacityRequests(DEFAULT_LOAD, alike)).toBe(600);
  });

  test("a quick service warms up for half a second, which several endpoints share", () => {
    const quick = { fastest: 8000, slowest: 7000 };
    expect(warmupRequests(DEFAULT_LOAD, quick)).toBe(4000);
    expect(warmupRequests(DEFAULT_LOAD, quick, 4)).toBe(1000);
    expect(warmupRequests(DEFAULT_LOAD, quick, 20)).toBe(500);
  });

  test("an arm far below the rate does not hold a block up", () => {
    expect(warmupRequests(DEFAULT_LOAD, farApart)).toBe(240);
    expect(rateRequests(DEFAULT_LOAD, 500, farApart)).toBe(160);
    expect(capacityRequests(DEFAULT_LOAD, farApart)).toBe(96);
  });

  test("the quickest of stacks that are far apart is kept busy for more than an instant", () => {
    expect(capacityRequests(DEFAULT_LOAD, { fastest: 6000, slowest: 300 }, "stacks")).toBe(1200);
    expect(capacityRequests(DEFAULT_LOAD, alike, "stacks")).toBe(600);
  });

  test("a slower arm that still serves the rate gets all of its requests: its latency counts", () => {
    expect(rateRequests(DEFAULT_LOAD, 500, { fastest: 1000, slowest: 420 })).toBe(1000);
  });
});

describe("blocks", () => {
  test("a run has as many blocks as its budget allows, up to forty", () => {
    expect([1000, 10_000, 20_000, 100_000].map((blockMs) => maximumBlocks(300_000, blockMs))).toEqual([
      40, 30, 15, 3,
    ]);
  });

  const within = (budgetMs: number) => ({ budgetMs, fewestBlocks: 7 });

  test("a service that starts quickly keeps its blocks as planned where these use the budget", () => {
    expect(stretch(4000, 3500, within(300_000))).toBe(1);
    expect(stretch(4000, 20_000, within(300_000))).toBe(1);
  });

  test("what forty blocks would leave of the budget goes into longer blocks", () => {
    expect(stretch(1500, 3000, within(300_000))).toBe(2);
    expect(stretch(1500, 2000, within(180_000))).toBe(1.5);
    expect(stretch(500, 100, within(300_000))).toBe(10);
  });

  test("a service that starts slowly gets more requests a block, as far as the fewest blocks still fit", () => {
    expect(stretch(12_000, 4000, within(300_000))).toBe(3);
    expect(stretch(35_000, 4000, within(315_000))).toBe(2.5);
    expect(stretch(60_000, 4000, within(300_000))).toBe(1);
    expect(stretch(6000, 100, within(60_000))).toBe(4);
  });
});
