import { describe, expect, test } from "vitest";
import { PLAIN } from "../../src/reporters/terminal/palette.js";
import {
  intervalPlot,
  renderProgress,
  renderProgressLine,
  type ProgressState,
  type WatchedCell,
} from "../../src/reporters/progress/progress.js";
import { columnsOf } from "../../src/reporters/terminal/width.js";
import { HOSTILE_NAMES } from "./samples.js";

const CELL: WatchedCell = {
  scenario: "list users",
  metric: "p50",
  arm: "head",
  change: 0.056,
  low: 0.031,
  high: 0.08,
  unit: "us",
  limit: 0.05,
  floor: 100,
  effectiveLimit: 0.05,
};

const STATES: Readonly<Record<string, ProgressState>> = {
  "before-the-first-block": {
    step: "finding the rate",
    block: 0,
    maximumBlocks: null,
    elapsedMs: 4_200,
    remainingMs: null,
    arms: [
      { name: "base", p50Us: null, p99Us: null },
      { name: "head", p50Us: null, p99Us: null },
    ],
    watched: [],
  },
  "first-blocks": {
    step: "measuring",
    block: 2,
    maximumBlocks: 40,
    elapsedMs: 16_000,
    remainingMs: 290_000,
    arms: [
      { name: "base", p50Us: 1_230, p99Us: 8_100 },
      { name: "head", p50Us: 1_300, p99Us: 8_420 },
    ],
    watched: [{ ...CELL, change: null, low: null, high: null }],
  },
  midway: {
    step: "measuring",
    block: 14,
    maximumBlocks: 40,
    elapsedMs: 105_000,
    remainingMs: 195_000,
    arms: [
      { name: "base", p50Us: 1_230, p99Us: 8_100 },
      { name: "head", p50Us: 1_300, p99Us: 8_420 },
    ],
    watched: [
      CELL,
      { ...CELL, metric: "p95", change: 0.02, low: -0.04, high: 0.3, limit: 0.075, effectiveLimit: 0.12 },
      { ...CELL, scenario: "one user", change: -0.002, low: -0.01, high: 0.006 },
      { ...CELL, scenario: null, metric: "memory", change: 0.4, low: 0.38, high: 0.42 },
    ],
  },
  stacks: {
    step: "measuring",
    block: 14,
    maximumBlocks: 40,
    elapsedMs: 105_000,
    remainingMs: 195_000,
    arms: ["fastify", "hono", "ユーザー一覧のサービス"].map((name) => ({ name, p50Us: 1_230, p99Us: 8_100 })),
    watched: [CELL, { ...CELL, arm: "hono", scenario: HOSTILE_NAMES[1] }],
  },
};

describe.each(Object.entries(STATES))("progress: %s", (name, state) => {
  test.each([60, 80, 120])(
    "at %i columns it looks as its golden file and no line is wider",
    async (columns) => {
      const lines = renderProgress(state, { columns, palette: PLAIN });
      for (const line of lines) expect(columnsOf(line), line).toBeLessThanOrEqual(columns);
      await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`golden/progress/${name}-${columns}.txt`);
    },
  );

  test("a log gets one line of it", async () => {
    const line = renderProgressLine(state);
    expect(line).not.toContain("\n");
    await expect(`${line}\n`).toMatchFileSnapshot(`golden/progress/${name}-plain.txt`);
  });
});

test.each([
  ["inside", CELL, "······┆···│··━━●━━···".length],
  ["far out to the worse side", { ...CELL, change: 9, low: 8, high: 10 }, 21],
  ["far out to the better side", { ...CELL, change: -9, low: -10, high: -8 }, 21],
  ["wider than the picture", { ...CELL, change: 0, low: -9, high: 9 }, 21],
])("an interval %s is drawn in the same width", (_, cell, width) => {
  expect(columnsOf(intervalPlot(cell, PLAIN))).toBe(width);
});

test("an interval that leaves the picture says on which side", () => {
  expect(intervalPlot({ ...CELL, change: 9, low: 8, high: 10 }, PLAIN).at(-1)).toBe("›");
  expect(intervalPlot({ ...CELL, change: -9, low: -10, high: -8 }, PLAIN).at(0)).toBe("‹");
  expect(intervalPlot({ ...CELL, change: 0, low: -9, high: 9 }, PLAIN)).toMatch(/^‹.*●.*›$/u);
});
