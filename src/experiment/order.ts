import { drawnSeed, seededRandom, shuffled } from "../stats/random.js";

/*
 * Every order of an experiment, from its recorded seed. Position matters on a real machine (whoever goes first may
 * always be slower), and the sign flip is a randomisation test only if position was drawn at random.
 */

/** Where in an experiment something is drawn: all of its randomness comes from here, and a repeated block draws anew. */
export interface BlockPosition {
  readonly seed: number;
  readonly block: number;
  readonly attempt: number;
}

/** How often a block is run at most: once more where its numbers cannot be believed. */
export const ATTEMPTS = 2;

function drawnFor(what: string, { seed, block, attempt }: BlockPosition): () => number {
  return seededRandom(seed, `${what}/block ${block}/attempt ${attempt}`);
}

/** Order in which the arms of a block are started. */
export function startOrder<T>(arms: readonly T[], position: BlockPosition): T[] {
  return shuffled(arms, drawnFor("start", position));
}

/** Order in which the scenarios of a block are measured. */
export function scenarioOrder<T>(scenarios: readonly T[], position: BlockPosition): T[] {
  return shuffled(scenarios, drawnFor("scenarios", position));
}

/** For each burst, the order (indices) in which the targets take their turn. */
export function burstTurns(
  targets: number,
  bursts: number,
  position: BlockPosition,
  phase: string,
): number[][] {
  const random = drawnFor(`turns/${phase}`, position);
  const all = Array.from({ length: targets }, (_, index) => index);
  return Array.from({ length: Math.max(1, bursts) }, () => shuffled(all, random));
}

/** Seed of the arrival times of one phase: the same for every arm, another one in each block. */
export function arrivalSeed(position: BlockPosition, scenario: string): number {
  return drawnSeed(drawnFor(`arrivals/${scenario}`, position));
}
