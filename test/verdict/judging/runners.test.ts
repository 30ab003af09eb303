import { expect, test } from "vitest";
import { parseObservations } from "../../../src/model/parse-observations.js";
import { meansOfRunners } from "../../../src/verdict/judging/runners.js";

test("with eight runners each gives the mean of its own blocks", () => {
  const runners = Array.from({ length: 16 }, (_, block) => block % 8);
  const differences = Float64Array.from(runners, (runner, block) => runner + (block < 8 ? 0 : 2));
  expect([...meansOfRunners(differences, runners)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("with seven runners the blocks stay as they are", () => {
  const runners = Array.from({ length: 14 }, (_, block) => block % 7);
  const differences = Float64Array.from(runners);
  expect(meansOfRunners(differences, runners)).toBe(differences);
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
