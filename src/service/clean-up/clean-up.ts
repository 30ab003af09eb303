import { sweep, type Swept, type SweepOptions } from "./sweep.js";

/**
 * The clean-up step: sweeps the run that this job started, if it got that far, and every other that was abandoned.
 *
 * @returns lines for the log
 */
export async function cleanUp(options: SweepOptions): Promise<string[]> {
  const own = options.runId === null ? [] : await sweep(options);
  const abandoned = await sweep({ ...options, runId: null });
  const lines = [...own, ...abandoned].flatMap(describe);
  return lines.length > 0 ? lines : ["Nothing was left behind."];
}

function describe(swept: Swept): string[] {
  const done = [
    `${swept.processesEnded} process${swept.processesEnded === 1 ? "" : "es"} ended`,
    ...(swept.containersRemoved === 0
      ? []
      : [`${swept.containersRemoved} container${swept.containersRemoved === 1 ? "" : "s"} removed`]),
    swept.folderRemoved ? "temporary folder and checkouts deleted" : "temporary folder could not be deleted",
  ];
  const lines = [`Run ${swept.runId} had ended early: ${done.join(", ")}.`];
  if (swept.processesLeft.length > 0) {
    lines.push(`These processes could not be ended: ${swept.processesLeft.join(", ")}.`);
  }
  if (swept.containersLeft.length > 0) {
    lines.push(`These could not be removed from the container engine: ${swept.containersLeft.join(", ")}.`);
  }
  return lines;
}
