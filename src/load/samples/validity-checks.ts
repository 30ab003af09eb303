import type { LoadSummary } from "./summarize-samples.js";
import type { Phase } from "../phase.js";
import type { ArmSamples } from "./samples.js";
import type { GeneratorHealth, LoadValidityFailure } from "../../model/block.js";
import { arrivalOffsetsUs } from "../schedule/arrival-schedule.js";

/** Above this share of its core the generator's own queue begins to show in the latencies. */
export const BUSY_LIMIT = 0.5;
export const LATENESS_LIMIT_US = 3000;
export const RATE_TOLERANCE = 0.01;
/** A service keeps up while at most this share of requests finds every connection busy. */
export const KEPT_UP_QUEUED_SHARE = 0.5;

/**
 * Whether the generator did what the phase asked for. Busy, late and rate are matters of an open loop: in a closed
 * one it is meant to be as busy as the service lets it.
 */
export function checkValidity(
  phase: Phase,
  arms: readonly {
    readonly samples: Pick<ArmSamples, "arm" | "sendingMs">;
    readonly observation: LoadSummary;
  }[],
  health: GeneratorHealth,
): LoadValidityFailure[] {
  const found: LoadValidityFailure[] = [];
  if (health.queuedWhileIdle > 0) found.push({ kind: "queued-while-idle", requests: health.queuedWhileIdle });
  for (const { samples, observation } of arms) {
    if (observation.accounted !== observation.requests) {
      const { requests, accounted } = observation;
      found.push({ kind: "unaccounted", arm: samples.arm, sent: requests, accounted });
    }
  }
  if (phase.loop === "closed") return found;
  if (health.busyShare > BUSY_LIMIT) found.push({ kind: "generator-busy", busyShare: health.busyShare });
  if (health.latenessP99Us > LATENESS_LIMIT_US) {
    found.push({ kind: "dispatch-late", latenessP99Us: health.latenessP99Us });
  }
  // What is sent late is read late as well: if that is the rule, it is in the medians.
  if (health.latenessP50Us > LATENESS_LIMIT_US) {
    found.push({ kind: "generator-starved", latenessP50Us: health.latenessP50Us });
  }
  // The drawn gaps do not average exactly to the rate; what counts is whether their sum was kept.
  const plannedMs = (arrivalOffsetsUs(phase.requests, phase.ratePerSecond, phase.seed).at(-1) ?? 0) / 1000;
  for (const { samples, observation } of arms) {
    const achieved = (phase.ratePerSecond * plannedMs) / samples.sendingMs;
    const keptUp = observation.gaveUp === null && observation.queuedShare <= KEPT_UP_QUEUED_SHARE;
    if (keptUp && Math.abs(achieved / phase.ratePerSecond - 1) > RATE_TOLERANCE) {
      found.push({ kind: "rate-missed", arm: samples.arm, wanted: phase.ratePerSecond, achieved });
    }
  }
  return found;
}
