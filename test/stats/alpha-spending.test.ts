import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  BETA,
  errorShares,
  fewestBlocksForRed,
  LOOKS,
  plannedLooks,
  spendingAt,
} from "../../src/stats/alpha-spending.js";

test.each([
  [40, [12, 20, 30, 40]],
  [100, [12, 20, 30, 40]],
  [25, [12, 20, 25]],
  [20, [12, 20]],
  [13, [12, 13]],
  [12, [12]],
  [6, [6]],
])("a run of at most %i blocks is judged at %j", (blocks, looks) => {
  expect(plannedLooks(blocks)).toEqual(looks);
});

describe("alpha and beta", () => {
  test("are split as designed over the four looks", () => {
    const shares = errorShares(4);
    expect(shares.alpha.map((share) => share.toFixed(6))).toEqual([
      "0.100000",
      "0.200000",
      "0.300000",
      "0.400000",
    ]);
    expect(shares.beta.map((share) => share.toFixed(6))).toEqual([
      "0.400000",
      "0.200000",
      "0.200000",
      "0.200000",
    ]);
  });

  test("are shared out whole, and never more than whole, however many looks there are", () => {
    for (let looks = 1; looks <= 20; looks++) {
      for (const shares of Object.values(errorShares(looks))) {
        expect(shares).toHaveLength(looks);
        expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
        expect(Math.min(...shares)).toBeGreaterThan(0);
      }
    }
  });

  test("are spent by a run that ends anywhere, four fifths of alpha at least, and nothing between looks", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (end) => {
        let [alpha, beta] = [0, 0];
        for (let blocks = 1; blocks <= end; blocks++) {
          const spent = spendingAt(LOOKS, 0.05, blocks, blocks === end);
          if (!LOOKS.includes(blocks) && blocks < end) expect(spent).toEqual([]);
          // Two answers at one number of blocks are the same test asked twice: the larger one counts.
          alpha += Math.max(0, ...spent.map((one) => one.alpha));
          beta += Math.max(0, ...spent.map((one) => one.beta));
        }
        expect(alpha).toBeGreaterThanOrEqual(0.8 * 0.05 - 1e-12);
        expect(alpha).toBeLessThanOrEqual(0.05 + 1e-12);
        expect(beta).toBeCloseTo(BETA, 12);
      }),
    );
  });
});

test("a block between looks is a look only when it is the last", () => {
  expect(spendingAt(LOOKS, 0.05, 25, false)).toEqual([]);
  const [only, ...more] = spendingAt(LOOKS, 0.05, 25, true);
  expect(more).toEqual([]);
  expect(only).toMatchObject({ blocks: 25, last: true });
  expect(only!.alpha).toBeCloseTo(0.05 * 0.7, 12);
  expect(only!.beta).toBeCloseTo(0.05 * 0.4, 12);
});

test("a run that ends at a look first takes that look, then spends the rest", () => {
  const spent = spendingAt(LOOKS, 0.05, 20, true);
  expect(spent.map(({ alpha, last }) => [Number(alpha.toFixed(6)), last])).toEqual([
    [0.01, false],
    [0.04, true],
  ]);
});

test("the last planned look is the end, whether blocks follow or not", () => {
  expect(spendingAt(LOOKS, 0.05, 40, false)).toEqual(spendingAt(LOOKS, 0.05, 40, true));
});

test("after the last planned look nothing is left to spend", () => {
  expect(spendingAt(LOOKS, 0.05, 41, true)).toEqual([]);
});

test("without planned looks four fifths of alpha and all of beta are spent when the blocks end", () => {
  expect(spendingAt([], 0.05, 17, false)).toEqual([]);
  const [only] = spendingAt([], 0.05, 17, true);
  expect(only).toMatchObject({ blocks: 17, beta: BETA, last: true });
  expect(only!.alpha).toBeCloseTo(0.8 * 0.05, 12);
});

test.each([
  [0.05, 6],
  [0.02, 6],
  [0.01, 7],
  [0.001, 11],
  [0.0001, Infinity],
])("at an alpha of %d a run turns red with %d blocks or more", (alpha, blocks) => {
  expect(fewestBlocksForRed(alpha)).toBe(blocks);
});
