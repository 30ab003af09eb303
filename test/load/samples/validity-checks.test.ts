import { expect, test } from "vitest";
import { checkValidity } from "../../../src/load/samples/validity-checks.js";
import { detectStall } from "../../../src/load/schedule/stall-detector.js";
import { LatenessTrend } from "../../../src/load/schedule/lateness-trend.js";
import type { LoadSummary } from "../../../src/load/samples/summarize-samples.js";
import { isOverloaded } from "../../../src/commands/load/load-report.js";
import type { GeneratorHealth } from "../../../src/model/block.js";
import { plannedMs } from "../../../src/load/schedule/arrival-schedule.js";
import { closedPhase, openPhase } from "../support/phases.js";

const HEALTHY: GeneratorHealth = {
  busyShare: 0.1,
  latenessP50Us: 50,
  latenessP99Us: 100,
  queuedWhileIdle: 0,
  cpuUs: 1000,
};
const OPEN = { ...openPhase(1, 1000, 500), loop: "open", ratePerSecond: 500, seed: 7 } as const;
const PLANNED_MS = plannedMs(OPEN);

const SERVED: LoadSummary = {
  arm: "a",
  requests: 1000,
  sent: 1000,
  accounted: 1000,
  errors: { status: 0, timeout: 0, connection: 0, body: 0 },
  samples: 990,
  latencyUs: null,
  histogram: [],
  achievedRatePerSecond: 500,
  servedPerSecond: 500,
  queuedShare: 0,
  bytes: 0,
  bytesPerResponse: 0,
  statuses: {},
  reconnects: 0,
  activeMs: PLANNED_MS,
  sendingMs: PLANNED_MS,
  gaveUp: null,
};

function failuresOf(
  health: Partial<GeneratorHealth>,
  summary: Partial<LoadSummary> = {},
  sendingMs = PLANNED_MS,
  phase: Parameters<typeof checkValidity>[0] = OPEN,
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
  expect(failuresOf({}, { gaveUp: "it gave no response for 10.0 s" }, PLANNED_MS * 2)).toEqual([]);
});

test("in a closed loop being busy is what is asked for, and accounting is held all the same", () => {
  const closed = closedPhase(1, 1000);
  expect(failuresOf({ busyShare: 0.99, latenessP99Us: 9999 }, {}, PLANNED_MS * 5, closed)).toEqual([]);
  expect(failuresOf({ queuedWhileIdle: 2 }, { accounted: 1 }, 1, closed)).toEqual([
    "queued-while-idle",
    "unaccounted",
  ]);
});

test.each([
  ["answers come", { heardAtActiveUs: 7e6, timeoutsInARow: 0 }, 7.9e6, null],
  ["silence, and too few timeouts to say", { heardAtActiveUs: 0, timeoutsInARow: 1 }, 3e6, null],
  ["timeouts, and not yet twice as long as one", { heardAtActiveUs: 0, timeoutsInARow: 9 }, 1.9e6, null],
  [
    "silence for two timeouts",
    { heardAtActiveUs: 0, timeoutsInARow: 2 },
    2e6,
    "it gave no response for 2.0 s",
  ],
  [
    "thrice as long as planned",
    { heardAtActiveUs: 8e6, timeoutsInARow: 0 },
    8.01e6,
    "it was offered 500 requests/s and cannot keep up",
  ],
])("giving up: %s", (_, progress, activeUs, reason) => {
  expect(detectStall(OPEN, progress, activeUs)).toBe(reason);
});

test("overload is a queue that outlasts the plan, not a slow answer", () => {
  expect(isOverloaded(OPEN, SERVED)).toBe(false);
  expect(isOverloaded(OPEN, { ...SERVED, activeMs: PLANNED_MS * 2 })).toBe(false);
  expect(isOverloaded(OPEN, { ...SERVED, queuedShare: 0.9 })).toBe(false);
  expect(isOverloaded(OPEN, { ...SERVED, queuedShare: 0.9, activeMs: PLANNED_MS * 1.2 })).toBe(true);
  expect(isOverloaded(OPEN, { ...SERVED, gaveUp: "it gave no response for 10.0 s" })).toBe(true);
});

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
