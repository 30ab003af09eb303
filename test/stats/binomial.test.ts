import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shareWithInterval } from "../../src/stats/binomial.js";

describe("a share with its interval", () => {
  // By bisection of the binomial sums themselves; with none or all, 95 % one-sided: 1 - 0.05 ** (1 / n).
  test.each([
    [0, 20, 0, 0.1391083],
    [20, 20, 0.8608917, 1],
    [0, 1, 0, 0.95],
    [1, 20, 0.0012651, 0.2487328],
    [5, 10, 0.187086, 0.812914],
    [3, 400, 0.0015494, 0.0217607],
  ])("%i of %i is between %f and %f", (successes, trials, low, high) => {
    const found = shareWithInterval(successes, trials);
    expect(found.share).toBe(successes / trials);
    expect(found.low).toBeCloseTo(low, 6);
    expect(found.high).toBeCloseTo(high, 6);
  });

  const counts = fc
    .tuple(fc.double({ min: 0.5, max: 500, noNaN: true }), fc.double({ min: 0.001, max: 0.999, noNaN: true }))
    .map(([trials, share]) => [trials * share, trials] as const);

  test("the share lies within it, whether the counts are whole or not", () => {
    fc.assert(
      fc.property(counts, ([successes, trials]) => {
        const { share, low, high } = shareWithInterval(successes, trials);
        expect(low).toBeLessThanOrEqual(share + 1e-9);
        expect(high).toBeGreaterThanOrEqual(share - 1e-9);
      }),
    );
  });

  test("failures mirror successes", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (trials, part) => {
          const successes = Math.round(trials * part);
          const some = shareWithInterval(successes, trials);
          const others = shareWithInterval(trials - successes, trials);
          expect(some.low).toBeCloseTo(1 - others.high, 9);
          expect(some.high).toBeCloseTo(1 - others.low, 9);
        },
      ),
    );
  });

  test("the same share of more trials is known better", () => {
    const few = shareWithInterval(2, 20);
    const many = shareWithInterval(20, 200);
    expect(many.low).toBeGreaterThan(few.low);
    expect(many.high).toBeLessThan(few.high);
  });

  test.each([
    [1, 0],
    [-1, 5],
    [6, 5],
    [NaN, 5],
  ])("%f of %f is no share", (successes, trials) => {
    expect(() => shareWithInterval(successes, trials)).toThrow(RangeError);
  });
});
