/**
 * With so many runners a run is judged by their means: the change may differ from machine to machine, and the verdict
 * then speaks for machines like these. Eight signs have 256 combinations, which is what an alpha of 1 % needs
 * (docs/shards.md).
 */
export const ENOUGH_RUNNERS = 8;

/** Whether a run is judged by the means of its runners, not by its blocks. */
export function judgedByRunners(runners: readonly number[]): boolean {
  return new Set(runners).size >= ENOUGH_RUNNERS;
}

/**
 * One difference for each runner, the mean of its blocks' own, in the order of their first blocks; with too few runners
 * the differences of the blocks as they are.
 *
 * @param runners - which runner measured each block; as long as `differences`, or longer
 */
export function meansOfRunners(differences: Float64Array, runners: readonly number[]): Float64Array {
  if (!judgedByRunners(runners.slice(0, differences.length))) return differences;
  const sums = new Map<number, { sum: number; blocks: number }>();
  differences.forEach((difference, block) => {
    const own = sums.get(runners[block]!) ?? { sum: 0, blocks: 0 };
    sums.set(runners[block]!, { sum: own.sum + difference, blocks: own.blocks + 1 });
  });
  return Float64Array.from([...sums.values()], ({ sum, blocks }) => sum / blocks);
}
