import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changePoints } from "../../src/stats/change-points.js";
import { largestDivergence } from "../../src/stats/energy-divergence.js";

/** Series with the change points that Apache Otava finds in them. */
const { cases } = JSON.parse(readFileSync(join(import.meta.dirname, "change-points.json"), "utf8")) as {
  readonly cases: readonly {
    readonly name: string;
    readonly series: readonly number[];
    readonly points: readonly {
      readonly index: number;
      readonly p: number;
      readonly before: number;
      readonly after: number;
    }[];
  }[];
};

describe("change points are those of Apache Otava", () => {
  test.each(cases.map((one) => [one.name, one] as const))("%s", (_, { series, points }) => {
    const found = changePoints(series);
    expect(found.map(({ index }) => index)).toEqual(points.map(({ index }) => index));
    for (const [place, { p, before, after }] of points.entries()) {
      expect(found[place]!.meanBefore).toBeCloseTo(before, 9);
      expect(found[place]!.meanAfter).toBeCloseTo(after, 9);
      expect(Math.abs(found[place]!.p - p)).toBeLessThan(1e-9 + 1e-6 * p);
    }
  });
});

test("no series of any length makes it fail, and its points lie inside in order", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 130 }), (series) => {
      const found = changePoints(series).map(({ index }) => index);
      expect(found).toEqual([...new Set(found)].sort((a, b) => a - b));
      for (const index of found) expect(index > 0 && index < series.length).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test("the largest divergence is that of the definition, by trying all splits", () => {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const distances = (a: readonly number[], b: readonly number[]): number[] =>
    a.flatMap((one) => b.map((other) => Math.abs(one - other)));
  /** Mean over distinct pairs; 0 where there are none. */
  const within = (values: readonly number[]): number =>
    values.length < 2
      ? 0
      : distances(values, values).reduce((a, b) => a + b, 0) / (values.length * (values.length - 1));
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 2, maxLength: 12 }), (series) => {
      const sizes = series.flatMap((_, split) =>
        series.slice(split).flatMap((__, more) => {
          const [x, y] = [series.slice(0, split), series.slice(split, split + more + 1)];
          if (x.length === 0) return [];
          const energy = 2 * mean(distances(x, y)) - within(x) - within(y);
          return [(energy * x.length * y.length) / (x.length + y.length)];
        }),
      );
      expect(largestDivergence(series, 0, series.length)!.size).toBeCloseTo(Math.max(...sizes), 9);
    }),
  );
});
