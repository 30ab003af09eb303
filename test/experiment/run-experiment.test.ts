import { describe, expect, test } from "vitest";
import { runExperiment } from "../../src/experiment/run-experiment.js";
import type { Block } from "../../src/model/block.js";
import { fakeWorld } from "./fake-world.js";
import { afterBlocks, listener, planOf, scheduleOf } from "./made-up-experiment.js";

describe("the end", () => {
  test("an experiment ends at the first clear verdict", async () => {
    const world = fakeWorld();
    const plan = planOf();
    const schedule = await scheduleOf(world, plan);
    const ended = await runExperiment(
      { plan, arms: plan.arms, schedule, ports: world.ports },
      listener(afterBlocks(7)),
    );
    expect(ended).toMatchObject({ kind: "decided", why: "clear" });
    expect(ended.blocks).toHaveLength(7);
  });

  test("pilot and blocks together keep the budget, and the judge hears which look is the last", async () => {
    const world = fakeWorld();
    const plan = planOf("experiment: { budget: 90s }\n");
    const schedule = await scheduleOf(world, plan);
    const lasts: boolean[] = [];
    const ended = await runExperiment(
      { plan, arms: plan.arms, schedule: { ...schedule, maximumBlocks: 40 }, ports: world.ports },
      listener((_, isLast) => {
        lasts.push(isLast);
        return { kind: "continue" };
      }),
    );
    expect(schedule.pilotMs).toBeGreaterThan(10_000);
    expect(schedule.pilotMs + world.nowMs).toBeLessThanOrEqual(90_000);
    expect(ended).toMatchObject({ kind: "budget-spent" });
    expect(lasts.at(-1)).toBe(true);
    expect(lasts.indexOf(true)).toBe(lasts.length - 1);
  });

  test("blocks that take much longer than estimated still end with the budget and one block", async () => {
    const world = fakeWorld();
    const plan = planOf("experiment: { budget: 60s }\n");
    const schedule = await scheduleOf(world, plan);
    world.onPhase = () => (world.nowMs += 4_000);
    const ended = await runExperiment({ plan, arms: plan.arms, schedule, ports: world.ports }, listener());
    const blockMs = world.nowMs / ended.blocks.length;
    expect(ended.blocks.length).toBeLessThan(7);
    expect(schedule.pilotMs + world.nowMs).toBeLessThanOrEqual(60_000 + blockMs);
  });

  test("a scenario that is settled at a look is not measured any more, and the others are", async () => {
    const world = fakeWorld();
    const plan = planOf();
    const schedule = { ...(await scheduleOf(world, plan)), maximumBlocks: 40, looks: [2, 4, 40] };
    const asked: number[] = [];
    const told = {
      ...listener(afterBlocks(5)),
      settled: (blocks: readonly Block[]) => {
        asked.push(blocks.length);
        return blocks.length === 2 ? ["a"] : [];
      },
    };
    await runExperiment({ plan, arms: plan.arms, schedule, ports: world.ports }, told);
    expect(asked).toEqual([2, 4]);
    expect(told.stored.map((block) => Object.keys(block.arms["head"]!.scenarios).sort())).toEqual([
      ["a", "b"],
      ["a", "b"],
      ["b"],
      ["b"],
      ["b"],
    ]);
  });
});
