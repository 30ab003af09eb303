import { trimmedFromEachEnd } from "./location.js";
import type { Random } from "./random.js";

/** Up to this many blocks every sign vector is tried. */
export const ENUMERATED_BLOCKS = 13;
/** Sign vectors drawn beyond that, beside the one that changes nothing. */
export const DRAWN_FLIPS = 9999;

/** How many sign vectors are tried with `n` blocks. */
export function signVectorsTried(n: number): number {
  return n <= ENUMERATED_BLOCKS ? 2 ** n : DRAWN_FLIPS + 1;
}

/**
 * All sign vectors that are tried with `n` blocks, in their order; the first changes nothing. The same array is handed
 * out again and again: for each block 1 to change its sign, 0 to leave it.
 */
export function* signVectors(n: number, random: Random): Generator<Uint8Array> {
  const tried = signVectorsTried(n);
  const flips = new Uint8Array(n);
  for (let vector = 0; vector < tried; vector++) {
    if (n <= ENUMERATED_BLOCKS) fillFromBits(flips, vector);
    else if (vector > 0) fillSigns(flips, random);
    yield flips;
  }
}

/** As many of the tried flips as change no more values than trimming cuts from one end. */
export function flipsUndoneByTrimming(n: number, trim: number): number {
  let choices = 1;
  let sum = 1;
  for (let k = 1; k <= trimmedFromEachEnd(n, trim); k++) {
    choices *= (n - k + 1) / k;
    sum += choices;
  }
  return Math.floor((sum / 2 ** n) * signVectorsTried(n) + 1e-9);
}

/** Bit i of `number` says whether block i is flipped. */
function fillFromBits(flips: Uint8Array, number: number): void {
  for (let i = 0; i < flips.length; i++) flips[i] = (number >>> i) & 1;
}

function fillSigns(flips: Uint8Array, random: Random): void {
  let bits = 0;
  for (let i = 0; i < flips.length; i++) {
    if (i % 32 === 0) bits = Math.floor(random() * 4294967296);
    flips[i] = (bits >>> (i % 32)) & 1;
  }
}
