import { expect, test } from "vitest";
import { blockNumbering, pilotNumbering } from "../../src/experiment/request-numbers.js";
import { MOST_CAPACITY_REQUESTS, RATE_REQUESTS } from "../../src/experiment/load-size.js";
import { madeUpPlan, madeUpSchedule, scenarioPlan } from "../verdict/made-up-run.js";

test("no two phases of a run share a number, whatever their scenario, block and attempt", () => {
  const { scenarios, ...rest } = madeUpPlan({ scenarios: [scenarioPlan("a"), scenarioPlan("b")] });
  const { loads } = madeUpSchedule({ scenarios, ...rest });
  const ranges: [number, number][] = [];
  for (const { name, load } of scenarios) {
    for (const [phase, count] of [
      ["warm-up", load.warmup],
      ["open", RATE_REQUESTS],
      ["capacity", MOST_CAPACITY_REQUESTS],
    ] as const) {
      const { first } = pilotNumbering(scenarios, name, phase, 1);
      ranges.push([first, first + count]);
    }
  }
  for (const block of [1, 2, 40]) {
    for (const attempt of [1, 2]) {
      for (const load of loads) {
        for (const [phase, count] of [
          ["warm-up", load.warmupRequests],
          ["open", load.requests],
          ["capacity", load.capacityRequests],
        ] as const) {
          const position = { seed: 1, block, attempt };
          const { first } = blockNumbering(scenarios, loads, load.scenario, phase, position);
          ranges.push([first, first + count]);
        }
      }
    }
  }
  ranges.sort(([a], [b]) => a - b);
  expect(ranges[0]![0]).toBe(0);
  expect(ranges.every(([first], index) => index === 0 || ranges[index - 1]![1] <= first)).toBe(true);
});
