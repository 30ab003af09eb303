import type { Phase } from "../../load/phase.js";
import type { LoadSummary } from "../../load/samples/summarize-samples.js";
import { arrivalOffsetsUs } from "../../load/schedule/arrival-schedule.js";
import type { LatencyQuantiles } from "../../metrics/measurement.js";
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
  /** Answers as expected per second. */
  readonly throughputPerSecond: number;
  /** `null` when nothing was served, and when more was offered than could be served. */
  readonly latencyUs: LatencyQuantiles | null;
  /** Of all bodies together. */
  readonly bytes: number;
  readonly errors: Readonly<Record<"status" | "timeout" | "connection" | "body", number>>;
  readonly generator: { readonly busyShare: number; readonly latenessP99Us: number };
  readonly warnings: readonly LoadWarning[];
}

/** A queue that made an open phase longer than planned by this share, and by more than its slowest answers explain. */
const STRETCH = 1.05;

export interface LoadReport {
  readonly json: LoadJson;
  readonly histogram: LoadSummary["histogram"];
}

/**
 * Whether the target could not serve the offered rate: it was given up, or its queue grew for as long as the phase
 * lasted. Its latencies then only tell how long that was.
 */
export function isOverloaded(phase: Phase & { loop: "open" }, observation: LoadSummary): boolean {
  if (observation.gaveUp !== null) return true;
  if (observation.queuedShare < 0.5) return false;
  const plannedMs = (arrivalOffsetsUs(phase.requests, phase.ratePerSecond, phase.seed).at(-1) ?? 0) / 1000;
  return observation.activeMs > plannedMs * STRETCH;
}

/** `capacityPerSecond`: what the target could do where it could not serve the rate; else `null`. */
export function loadReport(
  task: LoadTask,
  observation: LoadSummary,
  health: GeneratorHealth,
  distrust: readonly LoadWarning[],
  capacityPerSecond: number | null,
): LoadReport {
  const overloaded = capacityPerSecond !== null;
  const warnings = [...ownWarnings(task, observation, capacityPerSecond), ...distrust];
  return {
    json: {
      url: task.url,
      loop: task.ratePerSecond === null ? "closed" : "open",
      ratePerSecond: task.ratePerSecond,
      connections: task.profile.connections,
      requests: observation.requests,
      durationMs: round(observation.activeMs),
      throughputPerSecond: round(observation.servedPerSecond),
      latencyUs: overloaded || observation.latencyUs === null ? null : roundAll(observation.latencyUs),
      bytes: observation.bytes,
      errors: observation.errors,
      generator: { busyShare: round(health.busyShare), latenessP99Us: round(health.latenessP99Us) },
      warnings,
    },
    histogram: overloaded || observation.latencyUs === null ? [] : observation.histogram,
  };
}

function ownWarnings(task: LoadTask, observation: LoadSummary, capacity: number | null): LoadWarning[] {
  const warnings: LoadWarning[] = [];
  if (capacity !== null) {
    warnings.push({
      code: "overloaded",
      message:
        `${task.ratePerSecond!} requests/s were offered, and about ${capacity.toPrecision(3)} a second is what it can ` +
        "serve: its queue grew for as long as the load lasted, so there is no latency to give.",
    });
  } else if (observation.gaveUp !== null) {
    warnings.push({ code: "gave-up", message: `The rest was not sent: ${observation.gaveUp}.` });
  } else if (observation.latencyUs === null) {
    warnings.push({
      code: "nothing-served",
      message: "No request was served, so there is no latency to give.",
    });
  }
  if (task.ratePerSecond === null && observation.latencyUs !== null) {
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
