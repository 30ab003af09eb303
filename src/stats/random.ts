/** A source of uniform numbers in [0, 1). */
export type Random = () => number;

/**
 * Seeded generator `sfc32` (Chris Doty-Humphrey, PractRand): small, fast, passes BigCrush, and the same
 * on every machine. `label` gives independent streams of one seed, so that adding a use of randomness
 * in one place does not shift the numbers of another.
 */
export function seededRandom(seed: number, label = ""): Random {
  // The state is filled by FNV-1a over seed and label, then stirred until its bits have mixed.
  let hash = 2166136261;
  for (const character of `${seed}:${label}`) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 16777619);
  }
  let a = hash | 0;
  let b = Math.imul(hash, 0x9e3779b9) | 0;
  let c = (seed ^ 0x85ebca6b) | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  for (let i = 0; i < 16; i++) next();
  return next;
}

/** A seed drawn at random, for a stream that is recorded or handed on as a number: 0 to 2^32 - 1. */
export function drawnSeed(random: Random): number {
  return Math.floor(random() * 4_294_967_296);
}

/** The items in random order (Fisher and Yates); the input is left as it is. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}
