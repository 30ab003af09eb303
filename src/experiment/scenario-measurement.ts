import type { LoadSummary } from "../load/samples/summarize-samples.js";
import type { ScenarioMeasurement } from "../metrics/measurement.js";
import type { UsageReading } from "../probes/usage.js";

/** One phase as one arm met it. */
export interface MeasuredPhase {
  readonly load: LoadSummary;
  readonly usage: UsageReading;
}

/**
 * What one arm did in one scenario: latency, errors and CPU at the fixed rate, throughput at capacity.
 *
 * @param atCapacity - `null` where that may not be measured
 */
export function scenarioMeasurement(
  atRate: MeasuredPhase,
  atCapacity: MeasuredPhase | null,
): ScenarioMeasurement {
  const { load, usage } = atRate;
  return {
    ...load.measured,
    throughputPerSecond: atCapacity?.load.capacityPerSecond ?? null,
    cpuUsPerRequest: usage.cpuNs === null ? null : usage.cpuNs / 1000 / load.measured.requests,
    cpuShareOfCore: shareOfCore(atRate),
    cpuShareOfCoreAtCapacity: atCapacity === null ? null : shareOfCore(atCapacity),
  };
}

function shareOfCore({ load, usage }: MeasuredPhase): number | null {
  return usage.cpuNs === null ? null : usage.cpuNs / 1e6 / load.activeMs;
}
