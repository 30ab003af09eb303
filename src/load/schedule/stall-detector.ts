import type { Phase } from "../phase.js";
import type { GaveUp } from "../samples/samples.js";

/** What is known of a target while it is under load. */
interface TargetProgress {
  readonly heardAtActiveUs: number;
  readonly timeoutsInARow: number;
}

/** A target is silent once as many requests in a row have timed out as there are connections, or this many. */
export const ENOUGH_TIMEOUTS = 10;
/** An open loop may take this many times as long as planned, plus two timeouts. */
export const LONGEST_STRETCH = 3;

/**
 * Why a target's part of a phase is not worth going on with, or `null`. Without this a service that hangs, or that
 * is offered a multiple of what it can do, would hold the phase for one timeout per burst.
 */
export function detectStall(phase: Phase, progress: TargetProgress, activeUs: number): GaveUp | null {
  const { timeoutMs, connections } = phase.profile;
  const silentMs = (activeUs - progress.heardAtActiveUs) / 1000;
  const enough = Math.max(2, Math.min(connections, ENOUGH_TIMEOUTS));
  if (progress.timeoutsInARow >= enough && silentMs >= 2 * timeoutMs) {
    return { kind: "silent", reason: `it gave no response for ${(silentMs / 1000).toFixed(1)} s` };
  }
  if (phase.loop === "open") {
    const plannedMs = (phase.requests / phase.ratePerSecond) * 1000;
    if (activeUs / 1000 > LONGEST_STRETCH * plannedMs + 2 * timeoutMs) {
      const rate = phase.ratePerSecond.toPrecision(3);
      return { kind: "slow", reason: `it was offered ${rate} requests/s and cannot keep up` };
    }
  }
  return null;
}
