import { spendingAt, type Spending } from "../../stats/alpha-spending.js";
import type { JudgedCell } from "../../model/judgement.js";
import type { Observations } from "../../model/observations.js";
import { isWithin, judgedCell } from "./decide.js";
import { Evidence } from "./evidence.js";
import { blockCount, firstBlocks } from "./first-blocks.js";
import type { TestedRow } from "./tested-row.js";

/**
 * Scenarios that need not be measured any more after a look that did not end the run: all of their rows that need proof
 * are within their limits, or what was accepted, with the error that this look may spend. They would have passed alone. A
 * scenario that is clearly worse is not among them, because it ends the run.
 *
 * The promises hold without the blocks that are saved. A row at its limit is let through at one of the looks with no more
 * than the sum of what they spend (beta), whether it passes alone or with the others. A row that is dropped cannot turn
 * the run red any more, and the others are tested among themselves. That those are left over which did not look good
 * early could favour red; simulated with true changes at the edge of what is negligible, it stays below alpha
 * (docs/statistics.md).
 *
 * @param observations - every block so far; scenarios that were dropped before have fewer
 * @returns names, those that were dropped before among them; none where this number of blocks is no look
 */
export function settledScenarios(observations: Observations): string[] {
  const blocks = blockCount(observations);
  const dropped = droppedRows(observations);
  const [step] = blocks < 2 ? [] : spendingAt(observations.looks, observations.alpha, blocks, false);
  if (step === undefined || step.last) return [];
  const evidence = new Evidence(observations);
  const gated = evidence.members("gated");
  // What the service as a whole uses depends on all scenarios: its rows end where the first of them is dropped.
  const ofService = gated.filter((row) => row.cell.scenario === null);
  if (ofService.some((row) => !(evidence.isWhole(row) ? isWithin(row, step) : dropped.settled(row))))
    return [];
  const toProve = gated.filter((row) => row.cell.proof);
  const scenarios = new Set(toProve.map((row) => row.cell.scenario));
  return [...scenarios].filter(
    (scenario): scenario is string =>
      scenario !== null &&
      toProve
        .filter((row) => row.cell.scenario === scenario)
        .every((row) => (evidence.isWhole(row) ? isWithin(row, step) : dropped.settled(row))),
  );
}

/** Rows that were measured up to an earlier look only, as they were judged there. */
export interface DroppedRows {
  /** Whether the row was shown to be within what it may be, at the look where its measuring ended. */
  readonly settled: (row: TestedRow) => boolean;
  /** `undefined` for a row that was measured to the end. */
  readonly judged: (row: TestedRow) => JudgedCell | undefined;
}

export function droppedRows(observations: Observations): DroppedRows {
  const blocks = blockCount(observations);
  const ends = new Set(observations.cells.map((cell) => cell.values[observations.baseline]!.length));
  const found = new Map<string, { readonly settled: boolean; readonly judged: () => JudgedCell }>();
  for (const end of ends) {
    if (end === blocks || end < 2) continue;
    // Where no look was planned nothing may be spent, and nothing was settled.
    const step = spendingAt(observations.looks, observations.alpha, end, false)[0] ?? nothingSpent(end);
    const evidence = new Evidence(firstBlocks(observations, end));
    for (const row of evidence.rows.filter((row) => row.location.n === end)) {
      if (lengthOf(observations, row) > end) continue;
      found.set(nameOf(row), {
        settled: isWithin(row, step),
        judged: () => judgedCell(evidence, row, step),
      });
    }
  }
  return {
    settled: (row) => found.get(nameOf(row))?.settled ?? false,
    judged: (row) => found.get(nameOf(row))?.judged(),
  };
}

function nothingSpent(blocks: number): Spending {
  return { blocks, alpha: 0, beta: 0, last: false };
}

function lengthOf({ cells, baseline }: Observations, { cell }: TestedRow): number {
  const whole = cells.find(({ scenario, metric }) => scenario === cell.scenario && metric === cell.metric);
  return whole?.values[baseline]?.length ?? 0;
}

function nameOf({ cell, arm }: TestedRow): string {
  return JSON.stringify([cell.scenario, cell.metric, arm]);
}
