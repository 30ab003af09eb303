import { expect, test } from "vitest";
import { drawDistribution } from "../../../src/commands/load/load-text.js";
import { histogramOf } from "../../../src/load/samples/histogram.js";

test("a distribution with two peaks is drawn with the gap between them", () => {
  const latencies = [...Array<number>(90).fill(1000), ...Array<number>(9).fill(10_000), 12_000];
  expect(`\n${drawDistribution(histogramOf(Float64Array.from(latencies))).join("\n")}\n`)
    .toMatchInlineSnapshot(`
      "
         649 us -      1 ms |########################################|  90.00 %
           1 ms -   1.54 ms |                                        |   0.00 %
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
