import type { OpenPhase } from "../../load/phase.js";
import type { LoadSummary } from "../../load/samples/summarize-samples.js";
import { KEPT_UP_QUEUED_SHARE } from "../../load/samples/validity-checks.js";
import { plannedMs } from "../../load/schedule/arrival-schedule.js";
import { frequentReasons } from "../../metrics/failure-reasons.js";
import type { FailureReason, LatencyQuantiles, ScenarioMeasurement } from "../../metrics/measurement.js";
import type { GeneratorHealth } from "../../model/block.js";
import type { LoadTask } from "./options.js";

export interface LoadWarning {
  /** Stable, kebab-case. */
  readonly code: string;
  readonly message: string;
}

/** What `tailgate load --json` prints. */
export interface LoadJson {
  readonly url: string;
  readonly loop: "open" | "closed";
  /** Offered requests per second; `null` for `max`. */
  readonly ratePerSecond: number | null;
  readonly connections: number;
  readonly requests: number;
  readonly durationMs: number;
  /** Responses as expected per second. */
  readonly throughputPerSecond: number;
  /** `null` when nothing was served, and when more was offered than could be served. */
  readonly latencyUs: LatencyQuantiles | null;
  /** Of all bodies together. */
  readonly bytes: number;
  readonly errors: Readonly<Record<"status" | "timeout" | "connection" | "body", number>>;
  /** Why requests failed, the most frequent first; of each kind at most five. */
  readonly reasons: readonly FailureReason[];
  readonly generator: { readonly busyShare: number; readonly latenessP99Us: number };
  readonly warnings: readonly LoadWarning[];
}

/** A queue that made an open phase longer than planned by this share, and by more than its slowest responses explain. */
const STRETCH = 1.05;
const REASONS_SHOWN = 5;

export interface LoadReport {
  readonly json: LoadJson;
  readonly histogram: ScenarioMeasurement["histogram"];
}

/**
 * Whether the target serves, but not the offered rate: it was given up, or its queue grew for as long as the phase
 * lasted. Its latencies then only tell how long that was. One that does not respond at all is not overloaded.
 */
export function isOverloaded(phase: OpenPhase, summary: LoadSummary): boolean {
  if (summary.servedPerSecond === 0) return false;
  if (summary.gaveUp !== null) return summary.gaveUp.kind === "slow";
  if (summary.queuedShare < KEPT_UP_QUEUED_SHARE) return false;
  return summary.activeMs > plannedMs(phase) * STRETCH;
}

/** `capacityPerSecond`: what the target could do where it could not serve the rate; else `null`. */
export function loadReport(
  task: LoadTask,
  summary: LoadSummary,
  health: GeneratorHealth,
  failures: readonly LoadWarning[],
  capacityPerSecond: number | null,
): LoadReport {
  const overloaded = capacityPerSecond !== null;
  const warnings = [...ownWarnings(task, summary, capacityPerSecond), ...failures];
  return {
    json: {
      url: task.url,
      loop: task.ratePerSecond === null ? "closed" : "open",
      ratePerSecond: task.ratePerSecond,
      connections: task.profile.connections,
      requests: summary.measured.requests,
      durationMs: round(summary.activeMs),
      throughputPerSecond: round(summary.servedPerSecond),
      latencyUs:
        overloaded || summary.measured.latencyUs === null ? null : roundAll(summary.measured.latencyUs),
      bytes: summary.bytes,
      errors: summary.measured.errors,
      reasons: frequentReasons(summary.reasons, REASONS_SHOWN),
      generator: { busyShare: round(health.busyShare), latenessP99Us: round(health.latenessP99Us) },
      warnings,
    },
    histogram: overloaded || summary.measured.latencyUs === null ? [] : summary.measured.histogram,
  };
}

function ownWarnings(task: LoadTask, summary: LoadSummary, capacity: number | null): LoadWarning[] {
  const warnings: LoadWarning[] = [];
  if (capacity !== null) {
    warnings.push({
      code: "overloaded",
      message:
        `${task.ratePerSecond!} requests/s were offered, and about ${capacity.toPrecision(3)} a second is what it can ` +
        "serve: its queue grew for as long as the load lasted, so there is no latency to give.",
    });
  } else if (summary.gaveUp !== null) {
    warnings.push({ code: "gave-up", message: `The rest was not sent: ${summary.gaveUp.reason}.` });
  } else if (summary.measured.latencyUs === null) {
    warnings.push({
      code: "nothing-served",
      message: "No request was served, so there is no latency to give.",
    });
  }
  if (task.ratePerSecond === null && summary.measured.latencyUs !== null) {
    warnings.push({
      code: "closed-loop-latency",
      message:
        "At max the latencies are connections divided by throughput; give a --rate below the throughput to see latency.",
    });
  }
  return warnings;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Nanoseconds are the clock's own precision. */
function roundAll(latencyUs: LatencyQuantiles): LatencyQuantiles {
  return Object.fromEntries(
    Object.entries(latencyUs).map(([name, us]: [string, number]) => [name, round(us)]),
  ) as unknown as LatencyQuantiles;
}
