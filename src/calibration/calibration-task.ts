import type { RunContext } from "../run/run-context.js";
import type { CalibrationStore } from "./calibration-store.js";

/** What a calibration is asked to do. */
export interface CalibrationTask {
  /** `inputs.base` and `inputs.head` name the commit that is measured against itself. */
  readonly context: RunContext;
  /** As many runs as shall fit into the blocks without sharing any. */
  readonly runs: number;
  readonly copies: number;
  /** Known changes: name of the arm and the commit that holds it. */
  readonly changes: readonly { readonly name: string; readonly ref: string }[];
  readonly store: CalibrationStore;
}
