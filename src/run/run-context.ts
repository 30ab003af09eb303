import type { Inputs } from "../config/inputs.js";
import type { Plan } from "../model/plan.js";
import type { Schedule } from "../model/schedule.js";
import type { ProgressState } from "../reporters/progress/progress.js";
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

/** Where a run says what it does: a terminal, or the log of an action. */
export interface Journal {
  /** What is going to be measured is known; checkouts and builds come first. */
  begun(plan: Plan): void;
  /** The run's mark and the folder its traces lie in: what a clean-up after a crash needs. */
  runOpened(runId: string, parent: string): void;
  /** A new step begins, in few words: "building head". */
  step(text: string): void;
  /** Something that a reader should know. */
  note(text: string): void;
  /** Output of a build or a service, to be folded where the place can fold; already printable and without secrets. */
  output(title: string, text: string): void;
  /** What is going to be measured, before the first block. */
  planned(plan: Plan, schedule: Schedule): void;
  /** After every block. */
  measured(state: ProgressState): void;
}
