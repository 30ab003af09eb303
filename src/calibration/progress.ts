import type { Block } from "../model/block.js";
import { armProgress } from "../run/progress-state.js";
import type { ProgressState } from "../reporters/progress/progress.js";
import { trustedBlocks } from "../verdict/observations-from-blocks.js";
import type { CalibrationRecord } from "./record.js";

/** Where a calibration stands, for whoever waits. */
export function calibrationProgress(state: {
  readonly record: CalibrationRecord;
  readonly names: readonly string[];
  readonly blocks: readonly Block[];
  readonly wanted: number;
  /** Trusted blocks of earlier sittings. */
  readonly had: number;
  readonly elapsedMs: number;
}): ProgressState {
  const trusted = trustedBlocks(state.blocks);
  const perBlockMs = state.elapsedMs / Math.max(1, trusted.length - state.had);
  return {
    step: "calibrating",
    block: trusted.length,
    maximumBlocks: state.wanted,
    elapsedMs: state.elapsedMs,
    remainingMs: Math.max(0, (state.wanted - trusted.length) * perBlockMs),
    arms: state.names.map((name) => armProgress(trusted, name)),
    watched: [],
  };
}
