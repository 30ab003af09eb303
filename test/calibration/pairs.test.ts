import { describe, expect, test } from "vitest";
import { changedSeries, separatePairs, unchangedSeries } from "../../src/calibration/pairs.js";
import { asRun } from "../../src/calibration/record.js";
import { madeUpCalibration } from "./made-up-calibration.js";

const p50 = (arm: { scenarios: Readonly<Record<string, { latencyUs: { p50: number } | null }>> }): number =>
  Object.values(arm.scenarios)[0]!.latencyUs!.p50;

describe("pairs of copies", () => {
  const { record, blocks } = madeUpCalibration(50);

  test("no launch is in two pairs of a block", () => {
    const series = unchangedSeries(record, blocks);
    expect(series).toHaveLength(2);
    blocks.forEach((block, index) => {
      const used = series.flatMap((one) => [one[index]!.arms["base"]!, one[index]!.arms["head"]!]);
      const launched = record.copies.map((copy) => block.arms[copy]!);
      expect(new Set(used.map(p50))).toEqual(new Set(launched.map(p50)));
      expect(used).toHaveLength(4);
    });
  });

  test("every copy is base about as often as head: who is started where does not matter", () => {
    const [first] = unchangedSeries(record, madeUpCalibration(400).blocks);
    const { blocks: many } = madeUpCalibration(400);
    const asBase = first!.filter(
      (block, index) => p50(block.arms["base"]!) === p50(many[index]!.arms["copy-1"]!),
    );
    expect(asBase.length).toBeGreaterThan(60);
    expect(asBase.length).toBeLessThan(140);
  });

  test("of three copies one is left out of each block", () => {
    const three = madeUpCalibration(5, { copies: 3 });
    expect(separatePairs(three.record)).toBe(1);
    expect(unchangedSeries(three.record, three.blocks)).toHaveLength(1);
  });

  test("the same record gives the same pairs", () => {
    expect(unchangedSeries(record, blocks)).toEqual(unchangedSeries(record, blocks));
  });
});

test("a known change is head, and some copy is base", () => {
  const { record, blocks } = madeUpCalibration(40, { changes: { slower: { latency: 2 } } });
  const series = changedSeries(record, blocks, "slower");
  series.forEach((block, index) => {
    expect(block.arms["head"]).toBe(blocks[index]!.arms["slower"]);
    expect(record.copies.map((copy) => blocks[index]!.arms[copy])).toContain(block.arms["base"]);
  });
});

test("a block of five arms took two fifths of its time for two of them", () => {
  const { blocks } = madeUpCalibration(1, { changes: { slower: {} } });
  const block = asRun({ ...blocks[0]!, durationMs: 5000 }, { base: "copy-1", head: "slower" });
  expect(block.durationMs).toBe(2000);
  expect(Object.keys(block.arms)).toEqual(["base", "head"]);
});

test("an arm that a block does not have is named", () => {
  const { blocks } = madeUpCalibration(1);
  expect(() => asRun(blocks[0]!, { base: "copy-1", head: "gone" })).toThrow("block 1 lacks gone");
});
