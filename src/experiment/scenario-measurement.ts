import type { LoadSummary } from "../load/samples/summarize-samples.js";
import type { ScenarioMeasurement } from "../metrics/measurement.js";
import type { UsageReading } from "../probes/usage.js";

/** One phase as one arm met it. */
export interface MeasuredPhase {
  readonly load: LoadSummary;
  readonly usage: UsageReading;
}

/** What one arm did in one scenario: latency, errors and CPU at the fixed rate, throughput at capacity. */
export function scenarioMeasurement(atRate: MeasuredPhase, atCapacity: MeasuredPhase): ScenarioMeasurement {
  const { load, usage } = atRate;
  return {
    requests: load.requests,
    errors: load.errors,
    latencyUs: load.latencyUs,
    histogram: load.histogram,
    achievedRatePerSecond: load.achievedRatePerSecond,
    throughputPerSecond: atCapacity.load.servedPerSecond,
    cpuUsPerRequest: usage.cpuNs === null ? null : usage.cpuNs / 1000 / load.requests,
    cpuShareOfCore: shareOfCore(atRate),
    cpuShareOfCoreAtCapacity: shareOfCore(atCapacity),
    bytesPerResponse: load.bytesPerResponse,
    statuses: load.statuses,
    reconnects: load.reconnects,
  };
}

function shareOfCore({ load, usage }: MeasuredPhase): number | null {
  return usage.cpuNs === null ? null : usage.cpuNs / 1e6 / load.activeMs;
}
