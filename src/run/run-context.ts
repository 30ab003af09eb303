import type { Inputs } from "../config/inputs.js";
import type { Journal } from "./journal.js";
import type { RevisionEvent } from "../git/revision-event.js";

/** What a gate run is asked to do, read once at the edge. */
export interface RunContext {
  readonly inputs: Inputs;
  /** Absolute; any folder of the repository. Configuration and service are looked for from here. */
  readonly workingDirectory: string;
  readonly event: RevisionEvent;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute; results, raw observations and logs go here. */
  readonly outFolder: string;
  /** For instance "GitHub Actions, ubuntu-24.04"; `null` outside a known runner. */
  readonly runner: string | null;
  /** Which run of the same workflow this is; 2 and more is a re-run. */
  readonly attempt: number;
  readonly signal: AbortSignal;
  readonly journal: Journal;
}
