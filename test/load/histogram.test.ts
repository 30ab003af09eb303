import fc from "fast-check";
import { expect, test } from "vitest";
import { drawDistribution, formatLatency } from "../../src/commands/load/distribution.js";
import { binEdgeUs, binOf, histogramOf } from "../../src/load/samples/histogram.js";

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

test("a distribution with two peaks is drawn with the gap between them", () => {
  const latencies = [...Array<number>(90).fill(1000), ...Array<number>(9).fill(10_000), 12_000];
  expect(`\n${drawDistribution(histogramOf(Float64Array.from(latencies))).join("\n")}\n`)
    .toMatchInlineSnapshot(`
    "
       649 us -   1.00 ms |########################################|  90.00 %
      1.00 ms -   1.54 ms |                                        |   0.00 %
      1.54 ms -   2.37 ms |                                        |   0.00 %
      2.37 ms -   3.65 ms |                                        |   0.00 %
      3.65 ms -   5.62 ms |                                        |   0.00 %
      5.62 ms -   8.66 ms |                                        |   0.00 %
      8.66 ms -   13.3 ms |####                                    |  10.00 %
    "
  `);
});

test("nothing is drawn of nothing", () => {
  expect(drawDistribution([])).toEqual([]);
});

test.each([
  [0.5, "0.500 us"],
  [87.54, "87.5 us"],
  [999.4, "999 us"],
  [999.6, "1.00 ms"],
  [1234, "1.23 ms"],
  [999_600, "1.00 s"],
  [75_000_000, "75.0 s"],
])("%d us reads %s", (us, text) => {
  expect(formatLatency(us)).toBe(text);
});
