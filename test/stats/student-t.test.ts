import fc from "fast-check";
import { expect, test } from "vitest";
import { tCumulative, tQuantile } from "../../src/stats/student-t.js";

const freedom = fc.integer({ min: 1, max: 200 });

test("the quantile undoes the distribution function", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), freedom, (p, degrees) => {
      expect(Math.abs(tCumulative(tQuantile(p, degrees), degrees) - p)).toBeLessThan(1e-11);
    }),
  );
});

test("the distribution is symmetric", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 50, noNaN: true }), freedom, (t, degrees) => {
      expect(tCumulative(t, degrees) + tCumulative(-t, degrees)).toBeCloseTo(1, 12);
    }),
  );
});

test("with one degree of freedom it is Cauchy's, with two it has a closed form", () => {
  for (const t of [0, 0.1, 0.5, 1, 2, 10, 1000]) {
    expect(tCumulative(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 12);
    expect(tCumulative(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 12);
  }
});

test("the far tail keeps its digits", () => {
  expect(tCumulative(-1e6, 2) / (1 / (2 * 1e12))).toBeCloseTo(1, 6);
});

test.each([0, 1, -0.5, NaN, 2])("a probability of %d has no quantile", (p) => {
  expect(() => tQuantile(p, 3)).toThrow(RangeError);
});

test("without degrees of freedom there is no distribution", () => {
  expect(() => tQuantile(0.9, 0)).toThrow(RangeError);
});
