import { sweep, type Swept } from "./sweep.js";

export interface CleanUpOptions {
  readonly parent: string;
  /** The run this job started, if it got that far. */
  readonly runId: string | null;
}

/** The clean-up step: sweeps this job's run and any other that was abandoned. Gives lines for the log. */
export async function cleanUp(options: CleanUpOptions): Promise<string[]> {
  const own = options.runId === null ? [] : await sweep(options);
  const abandoned = await sweep({ parent: options.parent, runId: null });
  const lines = [...own, ...abandoned].flatMap(describe);
  return lines.length > 0 ? lines : ["Nothing was left behind."];
}

function describe(swept: Swept): string[] {
  const done = [
    `${swept.processesEnded} process${swept.processesEnded === 1 ? "" : "es"} ended`,
    `${swept.worktreesRemoved} worktree${swept.worktreesRemoved === 1 ? "" : "s"} removed`,
    swept.folderRemoved ? "temporary folder deleted" : "temporary folder could not be deleted",
  ];
  const lines = [`Run ${swept.runId} had ended early: ${done.join(", ")}.`];
  if (swept.processesLeft.length > 0) {
    lines.push(`These processes could not be ended: ${swept.processesLeft.join(", ")}.`);
  }
  return lines;
}
