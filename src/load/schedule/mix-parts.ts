import { seededRandom } from "../../stats/random.js";
import type { Numbering, RequestProfile } from "../phase.js";

export const FIRST_NUMBERS: Numbering = { first: 0, seed: 1 };

/**
 * For each request of a phase the index of the part of the mix that it belongs to, drawn by the weights: the same for
 * every target. `null` where nothing is mixed.
 */
export function mixParts({ profile, requests, numbering = FIRST_NUMBERS }: PhaseOfParts): Uint8Array | null {
  if (profile.mix === undefined) return null;
  const weights = profile.mix.map(({ weight }) => weight);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const random = seededRandom(numbering.seed, `parts/${numbering.first}`);
  return Uint8Array.from({ length: requests }, () => {
    let left = random() * total;
    const part = weights.findIndex((weight) => (left -= weight) < 0);
    return part < 0 ? weights.length - 1 : part;
  });
}

interface PhaseOfParts {
  readonly profile: Pick<RequestProfile, "mix">;
  readonly requests: number;
  readonly numbering?: Numbering;
}
