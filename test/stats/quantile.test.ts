import fc from "fast-check";
import { expect, test } from "vitest";
import { median, quantileSorted } from "../../src/stats/quantile.js";

const sample = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });

/** The definition, written out: h = (n - 1) p, between its two neighbours. */
function trivialQuantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const h = (sorted.length - 1) * p;
  const [low, high] = [sorted[Math.floor(h)]!, sorted[Math.ceil(h)]!];
  return low + (h - Math.floor(h)) * (high - low);
}

test("a quantile lies between its two neighbours as type 7 says", () => {
  fc.assert(
    fc.property(sample, fc.double({ min: 0, max: 1, noNaN: true }), (values, p) => {
      const sorted = Float64Array.from(values).sort();
      expect(quantileSorted(sorted, p)).toBeCloseTo(trivialQuantile(values, p), 6);
    }),
  );
});

test("a higher probability never gives a lower quantile", () => {
  fc.assert(
    fc.property(
      sample,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, p, q) => {
        const sorted = Float64Array.from(values).sort();
        expect(quantileSorted(sorted, Math.min(p, q))).toBeLessThanOrEqual(
          quantileSorted(sorted, Math.max(p, q)) + 1e-9,
        );
      },
    ),
  );
});

test("the median leaves its input as it was", () => {
  const values = [3, 1, 2];
  expect(median(values)).toBe(2);
  expect(values).toEqual([3, 1, 2]);
});

test.each([
  [[], 0.5],
  [[1], -0.1],
  [[1], 1.1],
  [[1], NaN],
] as const)("%j has no quantile %d", (values, p) => {
  expect(() => quantileSorted(values, p)).toThrow(RangeError);
});
