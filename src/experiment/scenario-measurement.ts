import type { LoadSummary } from "../load/samples/summarize-samples.js";
import { frequentReasons } from "../metrics/failure-reasons.js";
import type { ScenarioMeasurement } from "../metrics/measurement.js";
import type { UsageReading } from "../probes/usage.js";

/** One phase as one arm met it. */
export interface MeasuredPhase {
  readonly load: LoadSummary;
  readonly usage: UsageReading;
}

/** Of each kind of failure a block keeps so many reasons. */
const REASONS_KEPT = 5;

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
    ...partMeasurement(load),
    throughputPerSecond: atCapacity?.load.capacityPerSecond ?? null,
    cpuUsPerRequest: usage.cpuNs === null ? null : usage.cpuNs / 1000 / load.requests,
    cpuShareOfCore: shareOfCore(atRate),
    cpuShareOfCoreAtCapacity: atCapacity === null ? null : shareOfCore(atCapacity),
  };
}

/** A part of a mix: what its own requests met. Throughput and CPU are those of the whole. */
export function partMeasurement(load: LoadSummary): ScenarioMeasurement {
  return {
    requests: load.requests,
    errors: load.errors,
    latencyUs: load.latencyUs,
    histogram: load.histogram,
    achievedRatePerSecond: load.achievedRatePerSecond,
    throughputPerSecond: null,
    cpuUsPerRequest: null,
    cpuShareOfCore: null,
    cpuShareOfCoreAtCapacity: null,
    bytesPerResponse: load.bytesPerResponse,
    statuses: load.statuses,
    reconnects: load.reconnects,
    ...(load.reasons.length === 0 ? {} : { reasons: frequentReasons(load.reasons, REASONS_KEPT) }),
  };
}

function shareOfCore({ load, usage }: MeasuredPhase): number | null {
  return usage.cpuNs === null ? null : usage.cpuNs / 1e6 / load.activeMs;
}
