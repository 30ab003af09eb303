import { locate, TRIM } from "../../src/stats/location.js";
import type { Random } from "../../src/stats/random.js";
import { tQuantile } from "../../src/stats/student-t.js";

/** What a comparison is off by, and what it knows of that. Natural logarithms of ratios. */
interface Off {
  readonly by: number;
  readonly standardError: number;
  /** Half of the interval that a decision goes by. */
  readonly reach: number;
}

/** The noise of one comparison after another. */
export type Noise = (random: Random) => Off;

/** Of the interval on one side: what an alarm may be wrong about. */
const CONFIDENCE = 0.995;

/** A number of the normal distribution, by the way of Box and Muller. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export function normalNoise(standardError: number): Noise {
  const reach = tQuantile(CONFIDENCE, 1e9) * standardError;
  return (random) => ({ by: standardError * normal(random), standardError, reach });
}

/**
 * Comparisons of so many blocks, each drawn from those that were recorded of unchanged code. Nothing tells base from head
 * there, so a block counts either way round: the noise has no direction, and keeps its tails.
 */
export function recordedNoise(logRatios: readonly number[], blocks: number): Noise {
  return (random) => {
    const drawn = Array.from({ length: blocks }, () => {
      const one = logRatios[Math.floor(random() * logRatios.length)]!;
      return random() < 0.5 ? one : -one;
    });
    const { mean, standardError, degreesOfFreedom } = locate(drawn, TRIM);
    return { by: mean, standardError, reach: tQuantile(CONFIDENCE, degreesOfFreedom) * standardError };
  };
}
