import { type FlippableRow, flippableRow, flipRow } from "./flipped-row.js";
import type { FamilyRow } from "./joint-sign-flip.js";
import type { Random } from "./random.js";
import { flipsUndoneByTrimming, signVectors, signVectorsTried } from "./sign-vectors.js";

/**
 * Asks whether a row of a family is certain to have an adjusted p above `alpha`, without flipping the whole family all
 * the time. More flips than that in which the row, or one that is less clear, exceeds the row's own T are enough: those
 * rows are still there when stepping down comes to it. For most rows this shows after a few flips of thousands.
 *
 * @param rows - all with the same number of values, two or more
 * @param random - makes the random source of the joint test, anew for each question
 * @returns a question by place among the rows; "no" leaves it to the joint test
 */
export function signFlipScreen(
  rows: readonly FamilyRow[],
  random: () => Random,
): (place: number, alpha: number) => boolean {
  const n = rows[0]?.values.length ?? 0;
  const family = rows.map(({ values, trim }) => flippableRow(values, trim));
  const observed = new Uint8Array(n);
  const t = family.map((row) => flippedT(row, observed));
  // Among the flips that trimming makes alike the joint test does not rank by T.
  const top = Math.max(0, ...rows.map(({ trim }) => flipsUndoneByTrimming(n, trim)));

  return (place, alpha) => {
    const own = t[place]!;
    const margin = 1e-6 * Math.max(1, Math.abs(own));
    const lessClear = family.filter((_, other) => t[other]! < own - margin);
    const members = [family[place]!, ...lessClear];
    const allowed = Math.max(alpha * signVectorsTried(n), top);
    let exceeding = 0;
    for (const flips of signVectors(n, random())) {
      if (!members.some((row) => flippedT(row, flips) > own + margin)) continue;
      if (++exceeding > allowed) return true;
    }
    return false;
  };
}

function flippedT(row: FlippableRow, flips: Uint8Array): number {
  flipRow(row, flips);
  return row.t;
}
