import { spendingAt, type Spending } from "../../stats/alpha-spending.js";
import { decide, judgedCell } from "./decide.js";
import { droppedRows, type DroppedRows } from "./settled-scenarios.js";
import { failingInterval, failsFrom, regressedByErrorsFrom } from "./error-rule.js";
import { Evidence } from "./evidence.js";
import type { Observations } from "../../model/observations.js";
import type { Judgement } from "../../model/judgement.js";
import { blockCount, firstBlocks } from "./first-blocks.js";

/** A decision, before it is written out cell by cell. */
export interface Decision {
  readonly verdict: Judgement["verdict"];
  /** Number of blocks at which it became clear. */
  readonly look: number;
  judgement(): Judgement;
}

/**
 * Judges all blocks of an experiment that has ended: the looks in their order, up to the first clear decision. A run
 * that was judged live gets the same decision again.
 *
 * @param observations - with fewer than two blocks there are no cells to show
 */
export function judge(observations: Observations): Judgement {
  return decisionOn(observations).judgement();
}

/** What `judge` decides, without the work of writing it out. */
export function decisionOn(observations: Observations): Decision {
  const blocks = blockCount(observations);
  const stops = [...observations.looks.filter((look) => look < blocks), blocks];
  for (const stop of stops) {
    const decision = decisionSoFar(firstBlocks(observations, stop), stop < blocks);
    if (decision !== null) return decision;
  }
  throw new Error("the last look has no decision");
}

/**
 * Judges an experiment while it runs; to be asked after every block.
 *
 * @param observations - every block so far
 * @param next - `more`: whether another block can follow within the budget
 * @returns the decision, or `null`: go on
 */
export function judgeSoFar(observations: Observations, next: { readonly more: boolean }): Judgement | null {
  return decisionSoFar(observations, next.more)?.judgement() ?? null;
}

/** The same, without the work of writing it out. */
export function decisionSoFar(observations: Observations, more: boolean): Decision | null {
  const broken = regressedByErrorsFrom(observations);
  if (broken !== null) {
    const judgement = (): Judgement => judgedByErrors(firstBlocks(observations, broken));
    return { verdict: "regression", look: broken, judgement };
  }
  const blocks = blockCount(observations);
  if (blocks < 2) return more ? null : tooFew(blocks);
  const steps = spendingAt(observations.looks, observations.alpha, blocks, !more);
  if (steps.length === 0) return null;
  const evidence = new Evidence(observations);
  const dropped = droppedRows(observations);
  for (const step of steps) {
    const verdict = decide(evidence, step, dropped.settled);
    if (verdict !== null)
      return { verdict, look: blocks, judgement: () => judgedAt(evidence, dropped, step, verdict, blocks) };
  }
  return null;
}

function tooFew(blocks: number): Decision {
  const judgement = { verdict: "inconclusive", look: blocks, cells: [] } as const;
  return { ...judgement, judgement: () => judgement };
}

function judgedAt(
  evidence: Evidence,
  dropped: DroppedRows,
  step: Spending,
  verdict: Judgement["verdict"],
  look: number,
): Judgement {
  const cells = evidence.rows.map((row) => dropped.judged(row) ?? judgedCell(evidence, row, step));
  return { verdict, look, cells };
}

/** The rule for errors needs no look and spends nothing; all that it leaves open stays open. */
function judgedByErrors(observations: Observations): Judgement {
  const evidence = new Evidence(observations);
  const dropped = droppedRows(observations);
  const spent = { blocks: evidence.blocks, alpha: 0, beta: 0, last: true };
  const cells = evidence.rows.map((row) => {
    const judged = dropped.judged(row) ?? judgedCell(evidence, row, spent);
    const fails = row.cell.gated && failsFrom(row.cell, observations.baseline, row.arm) !== null;
    return fails ? ({ ...judged, ...failingInterval(row), verdict: "regressed" } as const) : judged;
  });
  return { verdict: "regression", look: blockCount(observations), cells };
}
