import { expect, test } from "vitest";
import { describePlan } from "../../src/run/describe-plan.js";
import { measuredPlan } from "../../src/calibration/arms.js";
import type { CalibrationStore } from "../../src/calibration/calibration-store.js";
import { measureBlocks } from "../../src/calibration/measure-blocks.js";
import type { CalibrationRecord } from "../../src/calibration/record.js";
import type { Block } from "../../src/model/block.js";
import { fakeWorld } from "../experiment/fake-world.js";
import { contextIn } from "../run/made-up-context.js";
import { memoryStore } from "../store/memory-store.js";
import { madeUpCalibration } from "./made-up-calibration.js";

function emptyStore(): CalibrationStore {
  return {
    records: memoryStore<CalibrationRecord>({ identityOf: ({ commit }) => commit.sha }),
    blocks: memoryStore<Block>({ identityOf: ({ index }) => String(index) }),
  };
}

test("each block of a calibration is kept as it ends, without the histograms of its pictures", async () => {
  const { record } = madeUpCalibration(0, { copies: 2, maximumBlocks: 3 });
  const world = fakeWorld();
  const store = emptyStore();
  const keptAtReset: number[] = [];
  world.onReset = () => {
    void store.blocks.read().then(({ length }) => keptAtReset.push(length));
  };
  const plan = measuredPlan(record.plan, record.copies, []);
  const task = { context: contextIn("/nowhere"), runs: 1, store };
  const measured = await measureBlocks(record, [], plan, world.ports, task);
  const kept = await store.blocks.read();
  expect(keptAtReset).toEqual([0, 1, 2]);
  expect(kept.map(({ index }) => index)).toEqual([1, 2, 3]);
  expect(kept).toHaveLength(measured.length);
  const histograms = (blocks: readonly Block[]): number[] =>
    blocks.flatMap(({ arms }) =>
      Object.values(arms).flatMap(({ scenarios }) =>
        Object.values(scenarios).map(({ histogram }) => histogram.length),
      ),
    );
  expect(Math.min(...histograms(measured))).toBeGreaterThan(0);
  expect(Math.max(...histograms(kept))).toBe(0);
});

test("a calibration announces the time of all its blocks, which no budget of a run ends", async () => {
  const { record } = madeUpCalibration(0, { copies: 2, maximumBlocks: 3 });
  const announced: string[] = [];
  const context = contextIn("/nowhere");
  const journal = {
    ...context.journal,
    planned: (...planned: Parameters<typeof describePlan>) => announced.push(...describePlan(...planned)),
  };
  const plan = { ...record.plan, experiment: { ...record.plan.experiment, budgetMs: 10 } };
  await measureBlocks(record, [], measuredPlan(plan, record.copies, []), fakeWorld().ports, {
    context: { ...context, journal },
    runs: 1,
    store: emptyStore(),
  });
  const seconds = Math.round((3 * record.schedule.estimatedBlockMs) / 1000);
  expect(announced.at(-1)).toContain(`Up to 3 blocks of about`);
  expect(announced.at(-1)).toContain(`, ${seconds} s at most; judged after 3 blocks`);
});
