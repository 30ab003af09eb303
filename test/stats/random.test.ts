import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom, shuffled } from "../../src/stats/random.js";

test("the same seed and label give the same numbers, another of either gives others", () => {
  const first = (seed: number, label: string) => {
    const random = seededRandom(seed, label);
    return Array.from({ length: 5 }, () => random());
  };
  expect(first(7, "a")).toEqual(first(7, "a"));
  expect(first(7, "a")).not.toEqual(first(8, "a"));
  expect(first(7, "a")).not.toEqual(first(7, "b"));
});

test("its numbers are in [0, 1), spread evenly, and do not follow from one another", () => {
  for (const seed of [0, 1, 2, 2 ** 32 - 1]) {
    const random = seededRandom(seed, "even");
    const draws = Array.from({ length: 20_000 }, () => random());
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThan(1);
    const bins = Array<number>(10).fill(0);
    for (const draw of draws) bins[Math.floor(draw * 10)]!++;
    // Five standard deviations of a count of 2000 in a tenth.
    for (const count of bins) expect(Math.abs(count - 2000)).toBeLessThan(5 * Math.sqrt(1800));
    const rises = draws.filter((draw, i) => i > 0 && (draw - 0.5) * (draws[i - 1]! - 0.5) > 0).length;
    expect(Math.abs(rises - 10_000)).toBeLessThan(5 * Math.sqrt(5000));
  }
});

test("shuffling keeps every item and leaves its input", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer({ min: 0, max: 1000 }), (items, seed) => {
      const before = [...items];
      const after = shuffled(items, seededRandom(seed));
      expect(items).toEqual(before);
      expect(after.sort((a, b) => a - b)).toEqual(before.sort((a, b) => a - b));
    }),
  );
});

test("every order of three comes up about as often", () => {
  const random = seededRandom(3, "orders");
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = shuffled([1, 2, 3], random).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
});
