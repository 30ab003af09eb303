import type { LoadSummary } from "../../load/samples/summarize-samples.js";
import type { Phase } from "../../load/profile.js";
import { arrivalOffsetsUs } from "../../load/schedule/arrival-schedule.js";

/** A queue that made an open phase longer than planned by this share, and by more than its slowest answers explain. */
const STRETCH = 1.05;

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
