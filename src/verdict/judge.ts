import { spendingAt, type Spending } from "../stats/alpha-spending.js";
import { decide, judgedCell } from "./decide.js";
import { failsFrom, regressedByErrorsFrom } from "./error-rule.js";
import { Evidence } from "./evidence.js";
import type { Observations } from "../model/observations.js";
import type { Judgement } from "../model/judgement.js";

/** An answer, before it is written out cell by cell. */
export interface Decision {
  readonly verdict: Judgement["verdict"];
  /** Number of blocks at which it became clear. */
  readonly look: number;
  judgement(): Judgement;
}

/**
 * Judges all blocks of an experiment that has ended: the looks in their order, up to the first clear answer. A run
 * that was judged live gets the same answer again.
 *
 * @param observations - the same number of blocks in every cell and arm; with fewer than two there are no cells to show
 */
export function judge(observations: Observations): Judgement {
  return decisionOn(observations).judgement();
}

/** What `judge` decides, without the work of writing it out. */
export function decisionOn(observations: Observations): Decision {
  const blocks = blockCount(observations);
  const stops = [...observations.looks.filter((look) => look < blocks), blocks];
  for (const stop of stops) {
    const answer = decisionSoFar(firstBlocks(observations, stop), stop < blocks);
    if (answer !== null) return answer;
  }
  throw new Error("the last look has no answer");
}

/**
 * Judges an experiment while it runs; to be asked after every block.
 *
 * @param observations - every block so far
 * @param next - `more`: whether another block can follow within the budget
 * @returns the answer, or `null`: go on
 */
export function judgeSoFar(observations: Observations, next: { readonly more: boolean }): Judgement | null {
  return decisionSoFar(observations, next.more)?.judgement() ?? null;
}

function decisionSoFar(observations: Observations, more: boolean): Decision | null {
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
  for (const step of steps) {
    const verdict = decide(evidence, step);
    if (verdict !== null)
      return { verdict, look: blocks, judgement: () => judgedAt(evidence, step, verdict) };
  }
  return null;
}

function tooFew(blocks: number): Decision {
  const judgement = { verdict: "inconclusive", look: blocks, cells: [] } as const;
  return { ...judgement, judgement: () => judgement };
}

function judgedAt(evidence: Evidence, step: Spending, verdict: Judgement["verdict"]): Judgement {
  const cells = evidence.rows.map((row) => judgedCell(evidence, row, step));
  return { verdict, look: evidence.blocks, cells };
}

/** The rule for errors needs no look and spends nothing; all that it leaves open stays open. */
function judgedByErrors(observations: Observations): Judgement {
  const evidence = new Evidence(observations);
  const spent = { blocks: evidence.blocks, alpha: 0, beta: 0, last: true };
  const cells = evidence.rows.map((row) => {
    const judged = judgedCell(evidence, row, spent);
    const fails = row.cell.gated && failsFrom(row.cell, observations.baseline, row.arm) !== null;
    return fails ? ({ ...judged, verdict: "regressed" } as const) : judged;
  });
  return { verdict: "regression", look: evidence.blocks, cells };
}

function firstBlocks(observations: Observations, blocks: number): Observations {
  if (blocks === blockCount(observations)) return observations;
  const cells = observations.cells.map((cell) => {
    const values = Object.entries(cell.values).map(([arm, row]) => [arm, row.slice(0, blocks)] as const);
    return { ...cell, values: Object.fromEntries(values) };
  });
  return { ...observations, cells };
}

function blockCount(observations: Observations): number {
  const cell = observations.cells[0];
  return cell?.values[observations.baseline]?.length ?? 0;
}
