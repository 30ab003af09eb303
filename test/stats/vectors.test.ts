import { describe, expect, test } from "vitest";
import { jointSignFlip } from "../../src/stats/joint-sign-flip.js";
import { locate } from "../../src/stats/location.js";
import { quantileSorted } from "../../src/stats/quantile.js";
import { seededRandom } from "../../src/stats/random.js";
import { tCumulative, tQuantile } from "../../src/stats/student-t.js";
import { relativeError, undoneByTrimming, vectors } from "./vectors.js";

describe("the reference values of numpy and scipy are met", () => {
  test.each(vectors.paired.map((row) => [row.logRatios.length, row] as const))(
    "by trimmed mean, standard error and intervals of %i pairs",
    (n, row) => {
      const location = locate(row.logRatios, row.trim);
      expect(location.n).toBe(n);
      expect(relativeError(location.mean, row.trimmedMean)).toBeLessThan(1e-10);
      expect(Math.abs(location.deviation - row.winsorisedSd)).toBeLessThan(1e-12);
      expect(relativeError(location.standardError, row.standardError)).toBeLessThan(1e-10);
      expect(location.degreesOfFreedom).toBe(row.degreesOfFreedom);
      expect(relativeError(location.mean / location.standardError, row.t)).toBeLessThan(1e-9);
      if (row.note !== undefined) return;
      const p = 1 - tCumulative(row.t, row.degreesOfFreedom);
      expect(Math.abs(p - row.pGreaterYuen)).toBeLessThan(1e-10);
      const reach = tQuantile(0.975, row.degreesOfFreedom) * location.standardError;
      expect(Math.abs(location.mean - reach - row.ci95[0])).toBeLessThan(1e-9);
      expect(Math.abs(location.mean + reach - row.ci95[1])).toBeLessThan(1e-9);
      const upper = location.mean + tQuantile(0.95, row.degreesOfFreedom) * location.standardError;
      expect(Math.abs(upper - row.upper95OneSided)).toBeLessThan(1e-9);
    },
  );

  const enumerated = vectors.paired.filter((row) => row.pGreaterSignFlipExact !== undefined);
  test.each(enumerated.map((row) => [row.logRatios.length, row] as const))(
    "by the exact sign flip of %i pairs",
    (n, row) => {
      const [p] = jointSignFlip([{ values: row.logRatios, trim: row.trim }], seededRandom(1)).pAdjusted;
      const top = undoneByTrimming(n, row.trim) / 2 ** n;
      // The reference ranks by T alone; among the very top of the flips we look closer.
      if (row.pGreaterSignFlipExact! > top) expect(p).toBe(row.pGreaterSignFlipExact);
      else expect(p).toBeLessThanOrEqual(top);
    },
  );

  test("most of them outside the top of the flips, where the reference is met exactly", () => {
    const outside = enumerated.filter(
      (row) =>
        row.pGreaterSignFlipExact! >
        undoneByTrimming(row.logRatios.length, row.trim) / 2 ** row.logRatios.length,
    );
    expect(outside.length).toBeGreaterThan(enumerated.length / 2);
  });

  test.each(vectors.maxT.map((family) => [family.logRatios.length, family] as const))(
    "by the joint sign flip of %i cells",
    (_cells, family) => {
      const rows = family.logRatios.map((row, j) => row.map((d) => d - family.negligible[j]!));
      for (const [j, row] of rows.entries()) {
        const location = locate(row, 0.2);
        expect(relativeError(location.mean / location.standardError, family.t[j]!)).toBeLessThan(1e-9);
      }
      const flip = jointSignFlip(
        rows.map((values) => ({ values, trim: 0.2 })),
        seededRandom(1),
      );
      expect(flip.pAdjusted).toEqual(family.pAdjustedExact);
    },
  );

  test.each(vectors.quantiles.map((sample) => [sample.sorted.length, sample] as const))(
    "by the quantiles of %i values",
    (_n, sample) => {
      for (const p of [50, 90, 95, 99, 99.9]) {
        const actual = quantileSorted(sample.sorted, p / 100);
        expect(relativeError(actual, sample[`p${p}`]!), `p${p}`).toBeLessThan(1e-12);
        expect(quantileSorted(Float64Array.from(sample.sorted), p / 100)).toBe(actual);
      }
    },
  );

  test.each(vectors.tQuantiles)("by the t quantile of $probability with $degreesOfFreedom", (row) => {
    expect(relativeError(tQuantile(row.probability, row.degreesOfFreedom), row.value)).toBeLessThan(1e-10);
  });
});
