import { OBSERVATIONS_SCHEMA, type Observations } from "../../src/model/observations.js";
import type { ObservedCell } from "../../src/model/observed-cell.js";
import { LOOKS } from "../../src/stats/alpha-spending.js";
import { decisionOn } from "../../src/verdict/judging/judge.js";
import { type Effect, simulatedRun, STEADY } from "./noise.js";
import { ALPHA, FROM, RUNS, SEED } from "./options.js";

export function observed(cells: readonly ObservedCell[], seed: number): Observations {
  return {
    schema: OBSERVATIONS_SCHEMA,
    baseline: "base",
    control: null,
    alpha: ALPHA,
    looks: LOOKS,
    seed,
    strict: false,
    cells,
  };
}

export interface Tally {
  regression: number;
  pass: number;
  inconclusive: number;
  blocks: number;
  runs: number;
}

/** Judges `runs` made-up runs; `prepared` may change the cells that are judged. */
export function simulate(
  effect: Effect,
  runs = RUNS,
  prepared: (cells: readonly ObservedCell[]) => readonly ObservedCell[] = (cells) => cells,
  noise = STEADY,
): Tally {
  const tally: Tally = { regression: 0, pass: 0, inconclusive: 0, blocks: 0, runs };
  for (let run = 0; run < runs; run++) {
    const seed = SEED * 1_000_000 + FROM + run;
    const answer = decisionOn(observed(prepared(simulatedRun(seed, effect, noise).cells), seed));
    tally[answer.verdict]++;
    tally.blocks += answer.look;
  }
  return tally;
}
