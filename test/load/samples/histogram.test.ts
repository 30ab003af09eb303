import fc from "fast-check";
import { expect, test } from "vitest";
import { binEdgeUs, binOf, histogramOf } from "../../../src/load/samples/histogram.js";

test("every latency lies in its bin, and what is outside goes to the outermost", () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 1e8 - 1, noNaN: true }), (us) => {
      const bin = binOf(us);
      expect(bin).toBeGreaterThanOrEqual(0);
      expect(bin).toBeLessThan(128);
      expect(us).toBeGreaterThanOrEqual(binEdgeUs(bin) * (1 - 1e-9));
      expect(us).toBeLessThanOrEqual(binEdgeUs(bin + 1) * (1 + 1e-9));
    }),
  );
  expect([binOf(0), binOf(-5), binOf(NaN), binOf(1e12)]).toEqual([0, 0, 0, 127]);
});

test("a histogram holds every sample once and no empty bin", () => {
  const histogram = histogramOf(Float64Array.of(10, 10, 1000, 1e9));
  expect(histogram.map(([, count]) => count)).toEqual([2, 1, 1]);
  expect(histogram.map(([bin]) => bin)).toEqual([binOf(10), binOf(1000), 127]);
});
