import type { Phase } from "../phase.js";
import { mixParts } from "../schedule/mix-parts.js";
import type { ArmSamples } from "./samples.js";

/** The samples of each part of a phase's mix, in the mix's order; none where nothing is mixed. */
export function partSamples(phase: Phase, samples: ArmSamples): ArmSamples[] {
  const parts = mixParts(phase);
  return (phase.profile.mix ?? []).map((_, part) => {
    const own = <T extends Float64Array | Uint16Array | Uint8Array>(column: T): T =>
      column.filter((_value: number, index: number) => parts![index] === part) as T;
    return {
      ...samples,
      reasons: samples.reasonsOfParts?.[part] ?? [],
      intendedUs: own(samples.intendedUs),
      sentUs: own(samples.sentUs),
      latencyUs: own(samples.latencyUs),
      status: own(samples.status),
      bytes: own(samples.bytes),
      outcome: own(samples.outcome),
      queued: own(samples.queued),
      firstOnConnection: own(samples.firstOnConnection),
    };
  });
}
