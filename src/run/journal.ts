import type { Plan } from "../model/plan.js";
import type { Schedule } from "../model/schedule.js";
import type { GateOutcome } from "./write-reports.js";
import type { ProgressState } from "../reporters/progress/progress.js";

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
  /** The verdict stands and is written; what follows takes a while, and only explains it. */
  decided(outcome: GateOutcome): void;
}
