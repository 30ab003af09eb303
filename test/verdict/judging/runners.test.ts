import { describe, expect, test } from "vitest";
import { parseObservations } from "../../../src/model/parse-observations.js";
import { OBSERVATIONS_SCHEMA, type Observations } from "../../../src/model/observations.js";
import { Evidence } from "../../../src/verdict/judging/evidence.js";
import { firstBlocks } from "../../../src/verdict/judging/first-blocks.js";
import { enoughRunners, meansOfRunners } from "../../../src/verdict/judging/runners.js";

test("each runner gives the mean of its own blocks", () => {
  const runners = Array.from({ length: 16 }, (_, block) => block % 8);
  const differences = Float64Array.from(runners, (runner, block) => runner + (block < 8 ? 0 : 2));
  expect([...meansOfRunners(differences, runners)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

describe("a run is judged", () => {
  const observed = (count: number, alpha: number): Observations => ({
    ...parseObservations({
      schema: OBSERVATIONS_SCHEMA,
      baseline: "base",
      alpha,
      runners: Array.from({ length: 3 * count }, (_, block) => block % count),
      cells: [
        {
          ...{ scenario: null, metric: "p50", unit: "us", worse: "higher", limit: 0.05, scale: "log" },
          values: { base: Array<number>(3 * count).fill(1), head: Array<number>(3 * count).fill(1.2) },
        },
      ],
    }),
  });

  test.each([
    [8, 0.01, 8],
    [7, 0.01, 21],
    // Eight signs cannot be as rare as one in a thousand.
    [8, 0.001, 24],
    [11, 0.001, 11],
  ])("with %i runners and an alpha of %d by %i differences", (count, alpha, differences) => {
    expect(new Evidence(observed(count, alpha)).blocks).toBe(differences);
  });

  test("by blocks as long as too few runners have measured any", () => {
    expect(new Evidence(firstBlocks(observed(8, 0.01), 7)).blocks).toBe(7);
  });

  test("by means of at least as many runners as can make it red", () => {
    for (const alpha of [0.5, 0.05, 0.01, 0.001])
      expect(2 ** -enoughRunners(alpha)).toBeLessThanOrEqual(0.8 * alpha);
  });
});

test("observations that name a runner for some blocks only are refused", () => {
  const values = { base: [1, 2, 3], head: [1, 2, 3] };
  const cells = [
    { scenario: null, metric: "p50", unit: "us", worse: "higher", limit: 0.05, scale: "log", values },
  ];
  const document = { schema: "tailgate/observations@1", baseline: "base", cells };
  expect(() => parseObservations({ ...document, runners: [1, 2] })).toThrow(
    "runner for each of the 3 blocks",
  );
  expect(parseObservations({ ...document, runners: [1, 2, 2] }).runners).toEqual([1, 2, 2]);
});
