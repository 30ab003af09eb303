import { fewestBlocksForRed } from "../../stats/alpha-spending.js";
import { mean } from "../../stats/sum.js";

/** Means of fewer runners leave out too much of how machines differ (docs/shards.md). */
const FEWEST_MEANS = 8;

/**
 * With so many runners a run is judged by their means: the change may differ from machine to machine, and the verdict
 * then speaks for machines like these. A stricter alpha takes more signs to flip, and so more runners.
 *
 * @param alpha - of the whole run
 */
export function enoughRunners(alpha: number): number {
  return Math.max(FEWEST_MEANS, fewestBlocksForRed(alpha));
}

/**
 * Whether a run is judged by the means of its runners, not by its blocks.
 *
 * @param runners - which runner measured each block
 */
export function judgedByRunners(runners: readonly number[], alpha: number): boolean {
  return new Set(runners).size >= enoughRunners(alpha);
}

/**
 * One difference for each runner, the mean of its blocks' own, in the order of their first blocks.
 *
 * @param runners - which runner measured each block; as long as `differences`, or longer
 */
export function meansOfRunners(differences: Float64Array, runners: readonly number[]): Float64Array {
  const own = new Map<number, number[]>();
  differences.forEach((difference, block) => {
    own.set(runners[block]!, [...(own.get(runners[block]!) ?? []), difference]);
  });
  return Float64Array.from(own.values(), mean);
}
