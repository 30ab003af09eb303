import type { GeneratorHealth, LoadValidityFailure } from "../../model/block.js";
import type { Phase } from "../phase.js";
import { plannedMs } from "../schedule/arrival-schedule.js";
import type { LoadSummary } from "./summarize-samples.js";

/** Above this share of its core the generator's own queue begins to show in the latencies. */
export const BUSY_LIMIT = 0.5;
/** More lateness than this is noise at p99, and a part of every latency in the median. */
export const LATENESS_LIMIT_US = 3000;
/** How far the achieved rate may be from the planned one. */
export const RATE_TOLERANCE = 0.01;
/** A service keeps up while at most this share of requests finds every connection busy. */
export const KEPT_UP_QUEUED_SHARE = 0.5;

/**
 * Whether the generator did what the phase asked for. How busy and how late it was, and its rate, matter in an open loop
 * only: in a closed loop it is meant to be as busy as the service lets it be.
 */
export function checkValidity(
  phase: Phase,
  arms: readonly LoadSummary[],
  health: GeneratorHealth,
): LoadValidityFailure[] {
  const found: LoadValidityFailure[] = [];
  if (health.queuedWhileIdle > 0) found.push({ kind: "queued-while-idle", requests: health.queuedWhileIdle });
  for (const { arm, measured, accounted } of arms) {
    const sent = measured.requests;
    if (accounted !== sent) found.push({ kind: "unaccounted", arm, sent, accounted });
  }
  if (phase.loop === "closed") return found;
  if (health.busyShare > BUSY_LIMIT) found.push({ kind: "generator-busy", busyShare: health.busyShare });
  if (health.latenessP99Us > LATENESS_LIMIT_US) {
    found.push({ kind: "dispatch-late", latenessP99Us: health.latenessP99Us });
  }
  // A generator that sends late also reads late. If half of the requests are late, the medians hold that delay.
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
