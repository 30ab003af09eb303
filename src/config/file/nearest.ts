import { distance } from "fastest-levenshtein";

/** What somebody may have meant who wrote a word that is not known: the nearest one, or all of them. */
export function meant(word: string, known: readonly string[]): string {
  const guess = nearest(word, known);
  return guess === null ? `known are ${known.join(", ")}` : `did you mean \`${guess}\`?`;
}

/** The known word that a mistyped one most likely stands for, or `null` when none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Infinity;
  for (const candidate of known) {
    const d = distance(word.toLowerCase(), candidate.toLowerCase());
    if (d < bestDistance) [best, bestDistance] = [candidate, d];
  }
  // Up to a third of the letters wrong is a typo; beyond that it is another word.
  return bestDistance <= Math.max(2, Math.ceil(word.length / 3)) ? best : null;
}
