import { describe, expect, test } from "vitest";
import type { Block } from "../../src/model/block.js";
import { judge } from "../../src/verdict/judging/judge.js";
import { measuredFrom } from "../../src/verdict/observations-from-blocks.js";
import { overloadsIn } from "../../src/verdict/overload.js";
import { concludeRun } from "../../src/verdict/verdict.js";
import { settledEarly } from "../../src/reporters/text/methodology-of-blocks.js";
import { sampleResult } from "../reporters/sample-result.js";
import { madeUpBlocks, madeUpPlan, madeUpSchedule, scenarioPlan } from "./made-up-run.js";

const PLAN = madeUpPlan({ scenarios: ["list", "one"].map((name) => scenarioPlan(name)) });
const SCHEDULE = madeUpSchedule(PLAN, { alpha: 0.01 });

/** Blocks after the twelfth lack the first scenario. */
function withoutListAfter12(blocks: readonly Block[]): Block[] {
  return blocks.map((block) => {
    if (block.index <= 12) return block;
    const arms = Object.entries(block.arms).map(([name, arm]) => {
      const scenarios = Object.entries(arm.scenarios).filter(([scenario]) => scenario !== "list");
      return [name, { ...arm, scenarios: Object.fromEntries(scenarios) }] as const;
    });
    return { ...block, arms: Object.fromEntries(arms) };
  });
}

/** "one" is so noisy that it needs more than one look. */
const BLOCKS = withoutListAfter12(
  madeUpBlocks(PLAN, 20, (_arm, block, scenario) =>
    scenario === "one" ? { latency: block % 2 === 0 ? 1.07 : 1 } : {},
  ),
);

describe("a scenario that was settled after twelve of twenty blocks", () => {
  const { observations, setAside } = measuredFrom(BLOCKS, PLAN, SCHEDULE);

  test("has twelve values a row, as the memory of the service has, and the others have twenty", () => {
    const lengths = observations.cells.map((cell) => [cell.scenario, cell.values["base"]!.length] as const);
    for (const [scenario, length] of lengths) expect(length).toBe(scenario === "one" ? 20 : 12);
    expect(lengths.map(([scenario]) => scenario)).toContain(null);
    expect(setAside).toEqual([]);
  });

  test("does not hold up the verdict, and no row of it is lost", () => {
    const judgement = judge(observations);
    const run = { plan: PLAN, schedule: SCHEDULE, blocks: BLOCKS, judgement };
    const { verdict, cells } = concludeRun(run);
    expect(verdict).toBe("pass");
    expect(cells.filter(({ scenario }) => scenario === "list").map(({ verdict }) => verdict)).not.toContain(
      "unavailable",
    );
  });

  test("is not called overloaded for the blocks that it is not in", () => {
    expect(overloadsIn(BLOCKS, PLAN, SCHEDULE)).toEqual([]);
    const slow = withoutListAfter12(
      madeUpBlocks(PLAN, 20, (arm, _block, scenario) =>
        arm === "head" && scenario === "list" ? { throughput: 0.3 } : {},
      ),
    );
    expect(overloadsIn(slow, PLAN, SCHEDULE)).toMatchObject([{ scenario: "list", baselineServes: true }]);
  });

  test("is named in the report with the number of its blocks", () => {
    const result = { ...sampleResult({}), plan: PLAN, schedule: SCHEDULE, blocks: BLOCKS };
    expect(settledEarly(result)).toEqual({
      label: "Settled early",
      text: "not measured any more: `list` after 12 blocks",
    });
    expect(settledEarly({ ...result, blocks: BLOCKS.slice(0, 12) })).toBeNull();
  });
});

describe("a machine that did much else", () => {
  const plan = madeUpPlan();
  const schedule = madeUpSchedule(plan, { alpha: 0.01, looks: [9], maximumBlocks: 9 });
  const verdictOf = (
    count: number,
    pressure: (block: number) => number,
    latency = 1.6,
    otherWork?: (block: number) => number,
  ) => {
    const looks = [count];
    const blocks = madeUpBlocks(plan, count, (arm) => (arm === "head" ? { latency } : {})).map(
      (block): Block => ({
        ...block,
        machine: {
          stealShare: 0,
          cpuPressureShare: pressure(block.index),
          ...(otherWork === undefined ? {} : { otherWorkShare: otherWork(block.index) }),
        },
      }),
    );
    const own = { ...schedule, looks };
    const judgement = judge(measuredFrom(blocks, plan, own).observations);
    return concludeRun({ plan, schedule: own, blocks, judgement });
  };

  test("makes no regression of fewer than twelve blocks, and the reason says why and what would settle it", () => {
    const { verdict, reason, cells } = verdictOf(9, () => 0.7);
    expect(verdict).toBe("inconclusive");
    expect(reason).toContain("% slower (limit 5 %, 95 % interval");
    expect(reason).toContain(
      "some task waited for a processor in more than 50 % of the time in 9 of 9 blocks",
    );
    expect(reason).toContain("a budget for 12 blocks");
    expect(cells.filter(({ gated, verdict }) => gated && verdict === "regressed")).toEqual([]);
  });

  test.each([9, 12, 40])("makes none of %i blocks where other work left next to nothing", (count) => {
    const { verdict, reason, cells } = verdictOf(
      count,
      () => 1,
      1.6,
      () => 0.95,
    );
    expect(verdict).toBe("inconclusive");
    expect(reason).toContain(
      `but other work disturbed this machine: other work took more than 70 % of the processors' time in ${count} of ${count} blocks; a quieter machine would settle it`,
    );
    expect(cells.filter(({ gated, verdict }) => gated && verdict === "regressed")).toEqual([]);
  });

  test("is believed with other work on one of two processors, or in half of the blocks, or where time more than doubled", () => {
    const busy = (): number => 1;
    expect(verdictOf(12, busy, 1.6, () => 0.52).verdict).toBe("regression");
    expect(verdictOf(12, busy, 1.6, (block) => (block % 2 === 0 ? 0.95 : 0.1)).verdict).toBe("regression");
    expect(verdictOf(12, busy, 2.2, () => 0.95).verdict).toBe("regression");
  });

  test("is believed where it was quiet in half of the blocks, where there are twelve, or where time more than doubled", () => {
    expect(verdictOf(9, () => 0.7, 2.2).verdict).toBe("regression");
    expect(verdictOf(8, (block) => (block % 2 === 0 ? 0.7 : 0.3)).verdict).toBe("regression");
    expect(verdictOf(12, () => 0.7).verdict).toBe("regression");
  });
});
