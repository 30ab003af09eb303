import { seededRandom, shuffled } from "../stats/random.js";

/*
 * Every order of an experiment, from its recorded seed. Position matters on a real machine (whoever goes first may
 * always be slower), and the sign flip is a randomisation test only if position was drawn at random.
 */

/** Which stream of the seed a block draws from: a repeated block draws anew. */
function label(what: string, block: number, attempt: number): string {
  return `${what}/block ${block}/attempt ${attempt}`;
}

/** Order in which the arms of a block are started. */
export function startOrder<T>(arms: readonly T[], seed: number, block: number, attempt: number): T[] {
  return shuffled(arms, seededRandom(seed, label("start", block, attempt)));
}

/** Order in which the scenarios of a block are measured. */
export function scenarioOrder<T>(scenarios: readonly T[], seed: number, block: number, attempt: number): T[] {
  return shuffled(scenarios, seededRandom(seed, label("scenarios", block, attempt)));
}

/** For each burst, the order (indices) in which the targets take their turn. */
export function burstTurns(
  targets: number,
  bursts: number,
  seed: number,
  block: number,
  attempt: number,
  phase: string,
): number[][] {
  const random = seededRandom(seed, label(`turns/${phase}`, block, attempt));
  const all = Array.from({ length: targets }, (_, index) => index);
  return Array.from({ length: Math.max(1, bursts) }, () => shuffled(all, random));
}

/** Seed of the arrival times of one phase: the same for every arm, another one in each block. */
export function arrivalSeed(seed: number, block: number, attempt: number, scenario: string): number {
  return Math.floor(seededRandom(seed, label(`arrivals/${scenario}`, block, attempt))() * 4294967296);
}
