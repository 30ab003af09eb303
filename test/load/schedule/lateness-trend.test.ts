import { expect, test } from "vitest";
import { LatenessTrend } from "../../../src/load/schedule/lateness-trend.js";

test("even lateness is no trend, and falling behind shows how far", () => {
  const even = new LatenessTrend(50);
  const behind = new LatenessTrend(50);
  for (let i = 0; i < 100; i++) {
    even.add(i, 2000);
    behind.add(i, i * 10);
  }
  expect(even.growthUs).toBe(0);
  expect(behind.growthUs).toBe(1000);
  expect(new LatenessTrend(0).growthUs).toBe(0);
});
