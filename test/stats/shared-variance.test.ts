import { expect, test } from "vitest";
import { seededRandom } from "../../src/stats/random.js";
import { sharedVariances, type RowVariance } from "../../src/stats/shared-variance.js";
import { normal } from "../explanation/profiles.js";

const FREEDOM = 5;

/** Sample variances of six normal values each, around a true one. */
function rows(count: number, trueVariance: (size: number) => number, seed = 1): RowVariance[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const size = 1 + (i % 20) * 5;
    const values = Array.from({ length: FREEDOM + 1 }, () => Math.sqrt(trueVariance(size)) * normal(random));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return { size, variance: squares / FREEDOM };
  });
}

test("shared variances are nearer to the true ones than each row's own", () => {
  const truth = (size: number): number => 0.3 * size;
  const made = rows(100, truth);
  const { variances, degreesOfFreedom } = sharedVariances(made, FREEDOM);
  const error = (of: readonly number[]): number =>
    of.reduce((sum, value, i) => sum + Math.log(value / truth(made[i]!.size)) ** 2, 0);
  expect(error(variances)).toBeLessThan(error(made.map(({ variance }) => variance)) / 3);
  expect(degreesOfFreedom).toBe(FREEDOM + 10);
});

test("rows whose true variances lie far apart borrow less", () => {
  const random = seededRandom(2);
  const apart = sharedVariances(
    rows(200, () => Math.exp(2 * normal(random))),
    FREEDOM,
  );
  expect(apart.degreesOfFreedom).toBeLessThan(FREEDOM + 4);
});

test("few rows keep their own variances", () => {
  const made = rows(9, () => 1);
  expect(sharedVariances(made, FREEDOM)).toEqual({
    variances: made.map(({ variance }) => variance),
    degreesOfFreedom: FREEDOM,
  });
});

test("rows without any spread stay without", () => {
  const flat = Array.from({ length: 20 }, () => ({ size: 3, variance: 0 }));
  expect(sharedVariances(flat, FREEDOM).variances).toEqual(flat.map(() => 0));
});
