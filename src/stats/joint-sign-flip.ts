import { flippableRow, flippedT } from "./flipped-row.js";
import type { Random } from "./random.js";

/** Up to this many blocks every sign vector is tried. */
export const ENUMERATED_BLOCKS = 13;
/** Sign vectors drawn beyond that. */
export const DRAWN_FLIPS = 9999;

/** One row of a family: values from which the shift under test has been taken. */
export interface FamilyRow {
  readonly values: Float64Array | readonly number[];
  /** Share cut from each end. */
  readonly trim: number;
}

/** What the joint sign flip found for a family of rows. */
export interface JointSignFlip {
  /** Adjusted p of each row, in the order given. */
  readonly pAdjusted: readonly number[];
  /** The T from which on a row's adjusted p is at most `alpha`; infinite where no T could do that. */
  criticalT(alpha: number): number;
}

/**
 * Single-step max-T of Westfall and Young (1993) by sign flipping: one vector of signs, shared by all rows, flips the
 * values of each block in every row; the largest T over the rows is kept. The adjusted p of a row is the share of
 * flips whose largest T reaches its own: all 2^n flips up to `ENUMERATED_BLOCKS` blocks, else
 * (1 + count) / (1 + `DRAWN_FLIPS`) with drawn ones (Phipson and Smyth 2010: never 0).
 *
 * @param rows - all with the same number of values, two or more
 */
export function jointSignFlip(rows: readonly FamilyRow[], random: Random): JointSignFlip {
  const first = rows[0];
  if (first === undefined) return { pAdjusted: [], criticalT: () => Infinity };
  const n = first.values.length;
  if (n < 2 || rows.some(({ values }) => values.length !== n)) {
    throw new RangeError("the rows of a family need the same number of values, two or more");
  }
  const family = rows.map(({ values, trim }) => flippableRow(values, trim));
  const exact = n <= ENUMERATED_BLOCKS;
  const largest = new Float64Array(exact ? 2 ** n : DRAWN_FLIPS);
  const flips = new Uint8Array(n);
  for (let flip = 0; flip < largest.length; flip++) {
    if (exact) enumerated(flips, flip);
    else drawn(flips, random);
    let most = -Infinity;
    for (const row of family) {
      const t = flippedT(row, flips);
      if (t > most) most = t;
    }
    largest[flip] = most;
  }
  largest.sort();
  flips.fill(0);
  // Enumerated flips hold the one that changes nothing; drawn ones are joined by it.
  const extra = exact ? 0 : 1;
  const tried = largest.length + extra;
  return {
    pAdjusted: family.map((row) => {
      const t = flippedT(row, flips);
      // Flips that are equal on paper must count as equal: their sums may be rounded differently.
      return (countFrom(largest, t - 1e-9 * Math.max(1, Math.abs(t))) + extra) / tried;
    }),
    criticalT: (alpha) => {
      const allowed = Math.floor(alpha * tried + 1e-9) - extra;
      if (allowed < 0 || (exact && allowed === 0)) return Infinity;
      return largest[largest.length - Math.max(allowed, 1)]!;
    },
  };
}

/** Bit i of `number` says whether block i is flipped. */
function enumerated(flips: Uint8Array, number: number): void {
  for (let i = 0; i < flips.length; i++) flips[i] = (number >>> i) & 1;
}

function drawn(flips: Uint8Array, random: Random): void {
  let bits = 0;
  for (let i = 0; i < flips.length; i++) {
    if (i % 32 === 0) bits = Math.floor(random() * 4294967296);
    flips[i] = (bits >>> (i % 32)) & 1;
  }
}

/** How many of the ascending values are at or above `threshold`. */
function countFrom(ascending: Float64Array, threshold: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! >= threshold) high = middle;
    else low = middle + 1;
  }
  return ascending.length - low;
}
