import fc from "fast-check";
import { expect, test } from "vitest";
import { digamma, inverseTrigamma, trigamma } from "../../src/stats/gamma-derivatives.js";

const EULER = 0.577215664901533;
const positive = fc.double({ min: 0.01, max: 1_000, noNaN: true });

test("the first derivative has its closed forms at 1, 1/2 and whole numbers", () => {
  expect(digamma(1)).toBeCloseTo(-EULER, 10);
  expect(digamma(0.5)).toBeCloseTo(-EULER - 2 * Math.LN2, 10);
  expect(digamma(5)).toBeCloseTo(1 + 1 / 2 + 1 / 3 + 1 / 4 - EULER, 10);
});

test("the second derivative has its closed forms at 1 and 1/2", () => {
  expect(trigamma(1)).toBeCloseTo(Math.PI ** 2 / 6, 10);
  expect(trigamma(0.5)).toBeCloseTo(Math.PI ** 2 / 2, 10);
});

test("both keep the recurrence of the gamma function", () => {
  fc.assert(
    fc.property(positive, (x) => {
      expect(digamma(x + 1) - digamma(x)).toBeCloseTo(1 / x, 8);
      expect((trigamma(x) - trigamma(x + 1)) * x * x).toBeCloseTo(1, 4);
    }),
  );
});

test("the inverse undoes the second derivative", () => {
  fc.assert(
    fc.property(positive, (x) => {
      expect(inverseTrigamma(trigamma(x)) / x).toBeCloseTo(1, 6);
    }),
  );
});
