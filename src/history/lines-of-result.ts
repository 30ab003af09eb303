import { HISTORY_SCHEMA, historyLineSchema, type HistoryLine } from "../model/history-line.js";
import type { Result } from "../model/result.js";

/**
 * What the history keeps of a run: a line for each metric of each scenario of head. Whole stacks have no commits that
 * could be followed, and the control is no change of anybody: neither gives lines.
 */
export function linesOfResult(result: Result): HistoryLine[] {
  const base = result.arms.find((arm) => arm.role === "base")?.revision ?? null;
  const head = result.arms.find((arm) => arm.role === "head");
  if (base === null || head === undefined || head.revision === null) return [];
  if (base.dirty || head.revision.dirty) return [];
  const { environment } = result;
  const shared = {
    schema: HISTORY_SCHEMA,
    at: result.startedAt,
    suite: result.plan.report.key,
    base: { sha: base.sha, label: base.label },
    head: { sha: head.revision.sha, label: head.revision.label },
    run: {
      verdict: result.verdict,
      blocks: result.stopped.blocks,
      attempt: environment.attempt,
      tailgate: environment.tailgate,
    },
    machine: environment,
  };
  // The schema of a line takes out of cell and environment what the history keeps, and drops the rest.
  return result.cells
    .filter((cell) => cell.arm === head.name)
    .map((cell) => historyLineSchema.parse({ ...cell, ...shared }));
}
