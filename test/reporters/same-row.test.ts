import fc from "fast-check";
import { expect, test } from "vitest";
import type { Result, ResultCell } from "../../src/model/result.js";
import { cellLabel, headline } from "../../src/reporters/text/headline.js";
import { groupRows } from "../../src/reporters/text/rows.js";
import { judge } from "../../src/verdict/judging/judge.js";
import { observationsFrom } from "../../src/verdict/observations-from-blocks.js";
import { describeCell } from "../../src/verdict/reason.js";
import { concludeRun } from "../../src/verdict/verdict.js";
import {
  type Behaviour,
  madeUpBlocks,
  madeUpPlan,
  madeUpSchedule,
  scenarioPlan,
} from "../verdict/made-up-run.js";
import { sampleResult } from "./sample-result.js";

const SCENARIOS = ["list users", "one user", "search"];
const PLAN = madeUpPlan({ scenarios: SCENARIOS.map((name) => scenarioPlan(name)) });

const behaviour = fc.record({
  latency: fc.constantFrom(0.7, 1, 1, 1.08, 1.4, 3),
  throughput: fc.constantFrom(0.2, 0.6, 0.9, 1, 1, 1.3),
  cpu: fc.constantFrom(0.8, 1, 1, 1.1, 2),
  errors: fc.constantFrom(0, 0, 0, 0.005, 0.3),
});

const results = fc
  .record({
    of: fc.array(behaviour, { minLength: SCENARIOS.length, maxLength: SCENARIOS.length }),
    memory: fc.constantFrom(1, 1, 1.2),
    noise: fc.constantFrom(0.01, 0.1),
    accepted: fc.boolean(),
  })
  .map(({ of, memory, noise, accepted }): Result => {
    const entry = {
      scenario: "list users",
      metric: "p50",
      limit: 0.5,
      reason: "adds audit",
      until: "2030-01-01",
    } as const;
    const plan = { ...PLAN, accept: accepted ? [entry] : [] };
    const schedule = madeUpSchedule(plan, { alpha: 0.01 });
    const blocks = madeUpBlocks(
      plan,
      12,
      (arm, _block, scenario): Behaviour =>
        arm !== "head" ? {} : scenario === "" ? { memory } : of[SCENARIOS.indexOf(scenario)]!,
      noise,
    );
    const judgement = judge(observationsFrom(blocks, plan, schedule));
    const { verdict, reason, cells } = concludeRun({ plan, schedule, blocks, judgement });
    return { ...sampleResult({ verdict, reason }), plan, schedule, blocks, cells };
  });

function regression(result: Result): ResultCell {
  const first = groupRows(result).open[0];
  expect(first).toBeDefined();
  return first!;
}

test("heading, first sentence and first row of a regression name the same row", () => {
  let regressions = 0;
  fc.assert(
    fc.property(results, (result) => {
      if (result.verdict !== "regression") return;
      regressions++;
      const first = regression(result);
      expect(first.accepted).toBeNull();
      switch (first.verdict) {
        case "regressed":
          expect(result.reason.startsWith(describeCell(first, result.plan))).toBe(true);
          expect(headline(result)).toContain(`Regression: ${cellLabel(result, first)} `);
          return;
        case "failing":
        case "overloaded": {
          expect(/`([^`]*)`/u.exec(result.reason.replace(/^`head`/u, ""))?.[1]).toBe(first.scenario);
          expect(headline(result)).toContain(first.scenario);
          return;
        }
        default:
          expect(first.verdict).toBe("regressed");
      }
    }),
    { numRuns: 40 },
  );
  expect(regressions).toBeGreaterThan(15);
});
