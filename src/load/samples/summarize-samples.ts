import { frequentReasons } from "../../metrics/failure-reasons.js";
import type { LatencyQuantiles, ScenarioMeasurement } from "../../metrics/measurement.js";
import { quantileSorted } from "../../stats/quantile.js";
import { histogramOf } from "./histogram.js";
import { NO_STATUS, OUTCOMES, type ArmSamples, type RequestOutcome } from "./samples.js";

/** One target's samples of one phase in numbers. */
export interface LoadSummary extends Pick<
  ArmSamples,
  "arm" | "activeMs" | "sendingMs" | "gaveUp" | "reasons"
> {
  /** What a block keeps: every request of the phase, however it ended. Throughput and CPU are not known from here. */
  readonly measured: ScenarioMeasurement;
  readonly sent: number;
  /** Requests with an outcome; anything but `measured.requests` is a bug of ours. */
  readonly accounted: number;
  /** Number of latency samples: responses as expected, and timeouts; not the first of a connection. */
  readonly samples: number;
  /** Responses as expected per second under load, the drains of its bursts included. */
  readonly servedPerSecond: number;
  /** The same while every connection was busy; `null` in an open loop. */
  readonly capacityPerSecond: number | null;
  /** Share of requests that found every connection busy. */
  readonly queuedShare: number;
  /** All bodies together. */
  readonly bytes: number;
}

/** Of each kind of failure a block keeps so many reasons. */
const REASONS_KEPT = 5;

/**
 * Latencies of a phase, ascending: those of responses as expected, and timeouts at the timeout's value. Other errors are
 * no latency samples, so that failing fast never looks fast. The first request of a keep-alive connection is none either.
 */
export function latenciesUs(samples: ArmSamples): Float64Array {
  const latencies = new Float64Array(samples.outcome.length);
  let count = 0;
  for (let i = 0; i < latencies.length; i++) {
    const outcome = OUTCOMES[samples.outcome[i]!];
    if ((outcome === "ok" || outcome === "timeout") && samples.firstOnConnection[i] === 0) {
      latencies[count++] = samples.latencyUs[i]!;
    }
  }
  return latencies.slice(0, count).sort();
}

/** Reduces raw samples to what is reported and compared. */
export function summarizeSamples(samples: ArmSamples): LoadSummary {
  const counts: Record<RequestOutcome, number> = { ok: 0, status: 0, timeout: 0, connection: 0, body: 0 };
  const statuses: Record<string, number> = {};
  let accounted = 0;
  let sent = 0;
  let queued = 0;
  let responses = 0;
  let bytes = 0;
  for (let i = 0; i < samples.outcome.length; i++) {
    const outcome = OUTCOMES[samples.outcome[i]!];
    if (outcome !== undefined && !Number.isNaN(samples.latencyUs[i]!)) {
      counts[outcome]++;
      accounted++;
    }
    if (!Number.isNaN(samples.sentUs[i]!)) sent++;
    if (samples.queued[i] === 1) queued++;
    const status = samples.status[i]!;
    if (status !== NO_STATUS) {
      statuses[status] = (statuses[status] ?? 0) + 1;
      responses++;
      bytes += samples.bytes[i]!;
    }
  }
  const latencies = latenciesUs(samples);
  const requests = samples.outcome.length;
  const { ok, ...errors } = counts;
  return {
    arm: samples.arm,
    measured: {
      requests,
      errors,
      latencyUs: ok === 0 || latencies.length === 0 ? null : quantilesOf(latencies),
      histogram: histogramOf(latencies),
      achievedRatePerSecond: perSecond(sent, samples.sendingMs),
      throughputPerSecond: null,
      cpuUsPerRequest: null,
      cpuShareOfCore: null,
      cpuShareOfCoreAtCapacity: null,
      bytesPerResponse: responses === 0 ? 0 : bytes / responses,
      statuses,
      reconnects: samples.reconnects,
      ...(samples.reasons.length === 0 ? {} : { reasons: frequentReasons(samples.reasons, REASONS_KEPT) }),
    },
    sent,
    accounted,
    samples: latencies.length,
    servedPerSecond: perSecond(ok, samples.activeMs),
    capacityPerSecond: capacityOf(samples, ok),
    queuedShare: requests === 0 ? 0 : queued / requests,
    bytes,
    activeMs: samples.activeMs,
    sendingMs: samples.sendingMs,
    gaveUp: samples.gaveUp,
    reasons: samples.reasons,
  };
}

function quantilesOf(sorted: Float64Array): LatencyQuantiles {
  return {
    p50: quantileSorted(sorted, 0.5),
    p75: quantileSorted(sorted, 0.75),
    p90: quantileSorted(sorted, 0.9),
    p95: quantileSorted(sorted, 0.95),
    p99: quantileSorted(sorted, 0.99),
    p999: quantileSorted(sorted, 0.999),
    max: sorted[sorted.length - 1]!,
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
  };
}

/** Where no burst was long enough to get into full swing, drains and all. */
function capacityOf({ steady, activeMs }: ArmSamples, ok: number): number | null {
  if (steady === null) return null;
  return steady.ms > 0 ? perSecond(steady.served, steady.ms) : perSecond(ok, activeMs);
}

function perSecond(count: number, ms: number): number {
  return ms > 0 ? (count / ms) * 1000 : 0;
}
