import type { ArmMeasurement } from "../../src/metrics/measurement.js";

/** What one block measured of an arm with one scenario, "list users"; the same numbers every time. */
export function armMeasurement(): ArmMeasurement {
  return {
    port: 41_000,
    startedInMs: 310,
    processors: "1-3",
    peakResidentBytes: 88_000_000,
    scenarios: {
      "list users": {
        requests: 1000,
        errors: { status: 0, timeout: 0, connection: 0, body: 0 },
        latencyUs: {
          p50: 1900,
          p75: 2200,
          p90: 2600,
          p95: 3100,
          p99: 6700,
          p999: 8100,
          max: 9000,
          mean: 2050,
        },
        histogram: [[52, 1000]],
        achievedRatePerSecond: 310,
        throughputPerSecond: 620,
        cpuUsPerRequest: 1150,
        cpuShareOfCore: 0.36,
        cpuShareOfCoreAtCapacity: 0.71,
        bytesPerResponse: 4210,
        statuses: { "200": 1000 },
        reconnects: 0,
      },
    },
  };
}
