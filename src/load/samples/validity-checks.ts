import type { GeneratorHealth, LoadValidityFailure } from "../../model/block.js";
import type { Phase } from "../phase.js";
import { plannedMs } from "../schedule/arrival-schedule.js";
import type { LoadSummary } from "./summarize-samples.js";

/** Above this share of its core the generator's own queue begins to show in the latencies. */
export const BUSY_LIMIT = 0.5;
/** Lateness that a machine for itself does not reach; at p99 it is noise, in the median it is in every latency. */
export const LATENESS_LIMIT_US = 3000;
/** How far the achieved rate may be from the planned one. */
export const RATE_TOLERANCE = 0.01;
/** A service keeps up while at most this share of requests finds every connection busy. */
export const KEPT_UP_QUEUED_SHARE = 0.5;

/**
 * Whether the generator did what the phase asked for. Busy, late and rate are matters of an open loop: in a closed
 * one it is meant to be as busy as the service lets it.
 */
export function checkValidity(
  phase: Phase,
  arms: readonly LoadSummary[],
  health: GeneratorHealth,
): LoadValidityFailure[] {
  const found: LoadValidityFailure[] = [];
  if (health.queuedWhileIdle > 0) found.push({ kind: "queued-while-idle", requests: health.queuedWhileIdle });
  for (const { arm, requests, accounted } of arms) {
    if (accounted !== requests) found.push({ kind: "unaccounted", arm, sent: requests, accounted });
  }
  if (phase.loop === "closed") return found;
  if (health.busyShare > BUSY_LIMIT) found.push({ kind: "generator-busy", busyShare: health.busyShare });
  if (health.latenessP99Us > LATENESS_LIMIT_US) {
    found.push({ kind: "dispatch-late", latenessP99Us: health.latenessP99Us });
  }
  // Who sends late reads late as well: where that is the rule, the medians hold it.
  if (health.latenessP50Us > LATENESS_LIMIT_US) {
    found.push({ kind: "generator-starved", latenessP50Us: health.latenessP50Us });
  }
  const wantedMs = plannedMs(phase);
  for (const { arm, gaveUp, queuedShare, sendingMs } of arms) {
    const achieved = (phase.ratePerSecond * wantedMs) / sendingMs;
    const keptUp = gaveUp === null && queuedShare <= KEPT_UP_QUEUED_SHARE;
    if (keptUp && Math.abs(achieved / phase.ratePerSecond - 1) > RATE_TOLERANCE) {
      found.push({ kind: "rate-missed", arm, wanted: phase.ratePerSecond, achieved });
    }
  }
  return found;
}
