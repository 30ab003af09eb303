import { expect, test } from "vitest";
import { arrivalSeed, burstTurns, scenarioOrder, startOrder } from "../../src/experiment/order.js";

const FIRST = { seed: 1, block: 1, attempt: 1 };

test("the same seed, block and attempt give the same order; any other gives one of its own", () => {
  const turns = (seed: number, block: number, attempt: number): string =>
    JSON.stringify(burstTurns(3, 20, { seed, block, attempt }, "open/a"));
  expect(turns(1, 2, 1)).toBe(turns(1, 2, 1));
  expect(new Set([turns(1, 2, 1), turns(2, 2, 1), turns(1, 3, 1), turns(1, 2, 2)]).size).toBe(4);
});

test("every turn holds every target once", () => {
  for (const turn of burstTurns(4, 50, { seed: 7, block: 1, attempt: 1 }, "open/a"))
    expect([...turn].sort()).toEqual([0, 1, 2, 3]);
});

test("each arm goes first about equally often", () => {
  const firsts = burstTurns(2, 4000, FIRST, "open/a").filter(([first]) => first === 0).length;
  // Four standard deviations of a fair coin.
  expect(Math.abs(firsts - 2000)).toBeLessThan(4 * Math.sqrt(1000));
});

test("start order and scenario order vary from block to block", () => {
  const starts = Array.from({ length: 40 }, (_, block) => startOrder(["a", "b"], { ...FIRST, block }).join());
  expect(new Set(starts)).toEqual(new Set(["a,b", "b,a"]));
  const scenarios = Array.from({ length: 60 }, (_, block) =>
    scenarioOrder(["x", "y", "z"], { ...FIRST, block }).join(),
  );
  expect(new Set(scenarios).size).toBe(6);
});

test("arrival times differ between blocks and scenarios", () => {
  const seeds = [
    arrivalSeed(FIRST, "a"),
    arrivalSeed({ ...FIRST, block: 2 }, "a"),
    arrivalSeed(FIRST, "b"),
    arrivalSeed({ ...FIRST, seed: 2 }, "a"),
  ];
  expect(new Set(seeds).size).toBe(4);
  expect(arrivalSeed(FIRST, "a")).toBe(seeds[0]);
});
