import fc from "fast-check";
import { sampleStandardDeviation } from "simple-statistics";
import { expect, test } from "vitest";
import { locate, STANDARD_ERROR_FLOOR, trimmedFromEachEnd } from "../../src/stats/location.js";
import { relativeError } from "./vectors.js";

const row = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 5, maxLength: 45 });

/** Yuen's formulas on copies: cut, replace, and use the library's standard deviation. */
function trivialLocation(values: readonly number[]): { mean: number; standardError: number } {
  const n = values.length;
  const g = Math.floor(n / 5);
  const sorted = [...values].sort((a, b) => a - b);
  const kept = sorted.slice(g, n - g);
  const winsorised = sorted.map((value) => Math.min(Math.max(value, kept[0]!), kept.at(-1)!));
  const w = sampleStandardDeviation(winsorised);
  return {
    mean: kept.reduce((a, b) => a + b) / kept.length,
    standardError: Math.max(1e-4, w / ((1 - (2 * g) / n) * Math.sqrt(n))),
  };
}

test("trimmed mean and standard error are those of the plain formulas", () => {
  fc.assert(
    fc.property(row, (values) => {
      const location = locate(values, 0.2);
      const expected = trivialLocation(values);
      expect(Math.abs(location.mean - expected.mean)).toBeLessThan(1e-12);
      expect(relativeError(location.standardError, expected.standardError)).toBeLessThan(1e-6);
    }),
  );
});

test("without trimming it is the mean with its ordinary standard error", () => {
  const location = locate([1, 2, 3, 4, 10], 0);
  expect(location.mean).toBe(4);
  expect(location.standardError).toBeCloseTo(Math.sqrt(12.5 / 5), 12);
  expect(location.degreesOfFreedom).toBe(4);
});

test("a shift moves the mean and leaves the error", () => {
  fc.assert(
    fc.property(row, fc.double({ min: -1, max: 1, noNaN: true }), (values, shift) => {
      const before = locate(values, 0.2);
      const after = locate(
        values.map((value) => value + shift),
        0.2,
      );
      expect(Math.abs(after.mean - before.mean - shift)).toBeLessThan(1e-9);
      expect(Math.abs(after.standardError - before.standardError)).toBeLessThan(1e-8);
    }),
  );
});

test("one wild value among ten does not move the trimmed mean", () => {
  const calm = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  expect(locate([...calm.slice(0, 9), 1e9], 0.2).mean).toBe(locate(calm, 0.2).mean);
});

test("equal values have the least error, not none", () => {
  expect(locate([0.03, 0.03, 0.03], 0.2).standardError).toBe(STANDARD_ERROR_FLOOR);
});

test("a fifth of every multiple of five is cut exactly", () => {
  for (let n = 5; n <= 1000; n += 5) expect(trimmedFromEachEnd(n, 0.2)).toBe(n / 5);
});

test("a single value has no standard error", () => {
  expect(() => locate([1], 0.2)).toThrow(RangeError);
});
