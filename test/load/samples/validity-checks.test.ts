import { expect, test } from "vitest";
import { checkValidity } from "../../../src/load/samples/validity-checks.js";
import type { LoadSummary } from "../../../src/load/samples/summarize-samples.js";
import type { GeneratorHealth } from "../../../src/model/block.js";
import type { Phase } from "../../../src/load/phase.js";
import { closedPhase } from "../support/phases.js";
import { OPEN, PLANNED_MS, SERVED } from "../support/served-summary.js";

const HEALTHY: GeneratorHealth = {
  busyShare: 0.1,
  latenessP50Us: 50,
  latenessP99Us: 100,
  queuedWhileIdle: 0,
  cpuUs: 1000,
};
function failuresOf(
  health: Partial<GeneratorHealth>,
  summary: Partial<LoadSummary> = {},
  sendingMs = PLANNED_MS,
  phase: Phase = OPEN,
): string[] {
  return checkValidity(phase, [{ ...SERVED, sendingMs, ...summary }], { ...HEALTHY, ...health }).map(
    ({ kind }) => kind,
  );
}

test("a phase that went as planned is trusted", () => {
  expect(failuresOf({})).toEqual([]);
  expect(failuresOf({ busyShare: 0.5, latenessP99Us: 3000 })).toEqual([]);
});

test("each limit that is broken is named", () => {
  expect(failuresOf({ busyShare: 0.51 })).toEqual(["generator-busy"]);
  expect(failuresOf({ latenessP99Us: 3001 })).toEqual(["dispatch-late"]);
  expect(failuresOf({ latenessP50Us: 3001, latenessP99Us: 9000 })).toEqual([
    "dispatch-late",
    "generator-starved",
  ]);
  expect(failuresOf({ queuedWhileIdle: 1 })).toEqual(["queued-while-idle"]);
  expect(failuresOf({}, { accounted: 999 })).toEqual(["unaccounted"]);
  expect(failuresOf({}, {}, PLANNED_MS * 1.02)).toEqual(["rate-missed"]);
  expect(failuresOf({}, {}, PLANNED_MS * 0.98)).toEqual(["rate-missed"]);
});

test("a missed rate is the service's doing where it did not keep up", () => {
  expect(failuresOf({}, { queuedShare: 0.9 }, PLANNED_MS * 2)).toEqual([]);
  expect(
    failuresOf({}, { gaveUp: { kind: "silent", reason: "it gave no response for 10.0 s" } }, PLANNED_MS * 2),
  ).toEqual([]);
});

test("in a closed loop being busy is what is asked for, and accounting is held all the same", () => {
  const closed = closedPhase(1, 1000);
  expect(failuresOf({ busyShare: 0.99, latenessP99Us: 9999 }, {}, PLANNED_MS * 5, closed)).toEqual([]);
  expect(failuresOf({ queuedWhileIdle: 2 }, { accounted: 1 }, 1, closed)).toEqual([
    "queued-while-idle",
    "unaccounted",
  ]);
});
