import { expect, test } from "vitest";
import { isOverloaded } from "../../../src/commands/load/load-report.js";
import { OPEN, PLANNED_MS, SERVED } from "../../load/support/served-summary.js";

test("overload is a queue that outlasts the plan, not a slow response", () => {
  expect(isOverloaded(OPEN, SERVED)).toBe(false);
  expect(isOverloaded(OPEN, { ...SERVED, activeMs: PLANNED_MS * 2 })).toBe(false);
  expect(isOverloaded(OPEN, { ...SERVED, queuedShare: 0.9 })).toBe(false);
  expect(isOverloaded(OPEN, { ...SERVED, queuedShare: 0.9, activeMs: PLANNED_MS * 1.2 })).toBe(true);
});

test("a service that stops responding is not called overloaded", () => {
  const gaveUp = { kind: "silent", reason: "it gave no response for 10.0 s" } as const;
  expect(isOverloaded(OPEN, { ...SERVED, queuedShare: 0.9, gaveUp })).toBe(false);
});
