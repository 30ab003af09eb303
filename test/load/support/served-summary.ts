import type { LoadSummary } from "../../../src/load/samples/summarize-samples.js";
import { plannedMs } from "../../../src/load/schedule/arrival-schedule.js";
import { openPhase } from "./phases.js";

export const OPEN = openPhase(1, 1000, 500);
export const PLANNED_MS = plannedMs(OPEN);

/** What `OPEN` leaves where everything went as planned. */
export const SERVED: LoadSummary = {
  arm: "a",
  measured: {
    requests: 1000,
    errors: { status: 0, timeout: 0, connection: 0, body: 0 },
    latencyUs: null,
    histogram: [],
    achievedRatePerSecond: 500,
    throughputPerSecond: null,
    cpuUsPerRequest: null,
    cpuShareOfCore: null,
    cpuShareOfCoreAtCapacity: null,
    bytesPerResponse: 0,
    statuses: {},
    reconnects: 0,
  },
  sent: 1000,
  accounted: 1000,
  samples: 990,
  servedPerSecond: 500,
  capacityPerSecond: null,
  queuedShare: 0,
  bytes: 0,
  activeMs: PLANNED_MS,
  sendingMs: PLANNED_MS,
  gaveUp: null,
  reasons: [],
};
