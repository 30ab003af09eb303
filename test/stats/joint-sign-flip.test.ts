import fc from "fast-check";
import { mean } from "simple-statistics";
import { describe, expect, test } from "vitest";
import { flippableRow, flipRow } from "../../src/stats/flipped-row.js";
import { jointSignFlip } from "../../src/stats/joint-sign-flip.js";
import { DRAWN_FLIPS } from "../../src/stats/sign-vectors.js";
import { locate } from "../../src/stats/location.js";
import { seededRandom, shuffled } from "../../src/stats/random.js";
import { relativeError, undoneByTrimming } from "./vectors.js";

const value = fc.double({ min: -0.5, max: 0.5, noNaN: true }).map((x) => Math.round(x * 1e6) / 1e6);
const trim = fc.constantFrom(0, 0.2);

/** So coarse that two flips are equal on paper or clearly not: no rounding decides which of them counts. */
const coarse = fc.integer({ min: -500, max: 500 }).map((thousandths) => thousandths / 1e3);

/** A family of rows of one length. */
const family = (blocks: fc.Arbitrary<number>) =>
  blocks.chain((n) =>
    fc.array(fc.array(coarse, { minLength: n, maxLength: n }), { minLength: 1, maxLength: 5 }),
  );

function trivialT(row: readonly number[], share: number): number {
  const location = locate(row, share);
  return location.mean / location.standardError;
}

/** Trimmed mean over the mean size of what is not among the largest. */
function trivialLean(row: readonly number[], share: number): number {
  const g = Math.floor(share * row.length + 1e-9);
  const sizes = row.map(Math.abs).sort((a, b) => a - b);
  const size = mean(sizes.slice(0, row.length - g));
  return size === 0 ? 0 : locate(row, share).mean / size;
}

/** Every sign vector, every row sorted anew; the largest T are ranked by the lean of the rows that have them. */
function trivialAdjusted(rows: readonly (readonly number[])[], share: number): number[] {
  const n = rows[0]!.length;
  const reaches = (other: number, own: number) => other >= own - 1e-9 * Math.max(1, Math.abs(own));
  const families = Array.from({ length: 2 ** n }, (_, flip) =>
    rows.map((row) => row.map((x, i) => ((flip >> i) & 1 ? -x : x))),
  );
  const largest = families.map((family) => Math.max(...family.map((row) => trivialT(row, share))));
  const from = [...largest].sort((a, b) => b - a)[undoneByTrimming(n, share) - 1]!;
  const flipped = families.map((family, flip) => ({
    t: largest[flip]!,
    lean: Math.max(
      ...family.filter((row) => reaches(trivialT(row, share), from)).map((row) => trivialLean(row, share)),
    ),
  }));
  return rows.map((row) => {
    const [t, lean] = [trivialT(row, share), trivialLean(row, share)];
    const count = reaches(t, from)
      ? flipped.filter((other) => reaches(other.t, from) && reaches(other.lean, lean)).length
      : flipped.filter((other) => reaches(other.t, t)).length;
    return count / flipped.length;
  });
}

/** The clearest rows have their p; the others are judged among themselves, and never clearer than those. */
function trivialStepDown(rows: readonly (readonly number[])[], share: number): number[] {
  const adjusted = trivialAdjusted(rows, share);
  let left = rows.map((_, i) => i);
  let p = adjusted;
  let reached = 0;
  while (Math.min(...p) <= 0.1) {
    const smallest = Math.min(...p);
    reached = Math.max(reached, smallest);
    for (const [i, row] of left.entries()) adjusted[row] = Math.min(adjusted[row]!, Math.max(reached, p[i]!));
    left = left.filter((_, i) => p[i]! > smallest);
    if (left.length === 0) break;
    p = trivialAdjusted(
      left.map((row) => rows[row]!),
      share,
    );
  }
  for (const [i, row] of left.entries()) adjusted[row] = Math.min(adjusted[row]!, Math.max(reached, p[i]!));
  return adjusted;
}

const asRows = (rows: readonly (readonly number[])[], share: number) =>
  rows.map((values) => ({ values, trim: share }));

test("the T of a flipped row is that of the row flipped, sorted and computed plainly", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(value, fc.boolean()), { minLength: 2, maxLength: 45 }),
      trim,
      (pairs, share) => {
        const row = flippableRow(
          pairs.map(([x]) => x),
          share,
        );
        flipRow(
          row,
          Uint8Array.from(pairs, ([, flip]) => (flip ? 1 : 0)),
        );
        const expected = trivialT(
          pairs.map(([x, flip]) => (flip ? -x : x)),
          share,
        );
        expect(Math.abs(row.t - expected)).toBeLessThan(1e-6 * Math.max(1, Math.abs(expected)));
      },
    ),
    { numRuns: 1000 },
  );
});

test("up to 13 blocks the adjusted p is that of trying every flip plainly", () => {
  fc.assert(
    fc.property(family(fc.integer({ min: 2, max: 8 })), trim, (rows, share) => {
      const { pAdjusted } = jointSignFlip(asRows(rows, share), seededRandom(1));
      expect(pAdjusted).toEqual(trivialAdjusted(rows, share));
    }),
  );
});

test("stepping down sets the clearest rows aside before it judges the others", () => {
  fc.assert(
    fc.property(family(fc.integer({ min: 4, max: 8 })), trim, fc.boolean(), (rows, share, clear) => {
      const shifted = rows.map((row, i) => (clear && i < 2 ? row.map((x) => x + 0.6) : row));
      const { pAdjusted, pStepDown } = jointSignFlip(asRows(shifted, share), seededRandom(1));
      expect(pStepDown).toEqual(trivialStepDown(shifted, share));
      for (const [i, p] of pStepDown.entries()) expect(p).toBeLessThanOrEqual(pAdjusted[i]!);
    }),
  );
});

test("a change that shows in all metrics at once is as clear in each as alone", () => {
  // What a line of log for every row did to the Fastify example in twelve blocks, as logarithms less what is negligible.
  const p50 = [0.545, 0.456, 0.749, 0.562, 0.731, 0.552, 0.889, 0.61, 0.512, 0.656, 0.721, 0.648];
  const p95 = [0.894, 0.8, 0.81, 0.378, 0.49, 0.569, 1.028, 0.442, 0.591, 0.751, 0.901, 0.806];
  const p99 = [0.679, 0.915, 0.805, 0.15, 0.791, 1.025, 1.168, 0.298, 0.64, 0.48, 0.737, 0.524];
  const throughput = [0.43, 0.516, 0.486, 0.453, 0.562, 0.535, 0.382, 0.5, 0.534, 0.582, 0.404, 0.535];
  const cpu = [0.324, 0.369, 0.37, 0.322, 0.394, 0.325, 0.397, 0.374, 0.316, 0.397, 0.331, 0.33];
  const memory = [
    -0.016, 0.005, -0.016, -0.034, -0.004, -0.029, -0.014, -0.014, 0.006, -0.022, -0.02, -0.021,
  ];
  const rows = asRows([p50, p95, p99, throughput, cpu, memory], 0.2);
  const { pStepDown } = jointSignFlip(rows, seededRandom(1));
  for (const p of pStepDown.slice(0, 5)) expect(p).toBeLessThan(0.002);
  expect(pStepDown[5]).toBeGreaterThan(0.9);
});

describe("drawn flips", () => {
  const normal = seededRandom(3, "rows");
  const rows = Array.from({ length: 6 }, (_, cell) =>
    Array.from({ length: 20 }, () => normal() - 0.5 + (cell === 0 ? 0.4 : 0.02 * cell)),
  );

  test("come close to all flips", () => {
    const short = rows.map((row) => row.slice(0, 13));
    const all = jointSignFlip(asRows(short, 0), seededRandom(1)).pAdjusted;
    // One more block of zeros changes every T alike, but asks for drawn flips.
    const longer = short.map((row) => [...row, 0]);
    const drawn = jointSignFlip(asRows(longer, 0), seededRandom(1)).pAdjusted;
    for (const [cell, p] of drawn.entries()) expect(Math.abs(p - all[cell]!)).toBeLessThan(0.02);
  });

  test("never give 0, however clear the shift", () => {
    const clear = rows.map((row) => row.map((x) => x + 5));
    const { pAdjusted } = jointSignFlip(asRows(clear, 0.2), seededRandom(1));
    for (const p of pAdjusted) {
      expect(p).toBeGreaterThanOrEqual(1 / (DRAWN_FLIPS + 1));
      // Flipping no more values than trimming cuts leaves T much as it is: 6196 of 2^20 flips do no more than that.
      expect(p).toBeLessThan(0.007);
    }
  });

  test("are the same for the same seed, and others for another", () => {
    const p = (seed: number) => jointSignFlip(asRows(rows, 0.2), seededRandom(seed)).pAdjusted;
    expect(p(7)).toEqual(p(7));
    expect(p(7)).not.toEqual(p(8));
  });

  test("give each row the same p in whatever order the rows come", () => {
    const { pAdjusted } = jointSignFlip(asRows(rows, 0.2), seededRandom(7));
    const order = shuffled([...rows.keys()], seededRandom(5));
    const mixed = jointSignFlip(
      asRows(
        order.map((i) => rows[i]!),
        0.2,
      ),
      seededRandom(7),
    );
    expect(mixed.pAdjusted).toEqual(order.map((i) => pAdjusted[i]));
  });
});

test("one more row never makes another row's p smaller, but among the flips that trimming makes alike", () => {
  fc.assert(
    fc.property(family(fc.integer({ min: 6, max: 9 })), trim, (rows, share) => {
      const alone = jointSignFlip(asRows(rows.slice(0, 1), share), seededRandom(1)).pAdjusted[0]!;
      const together = jointSignFlip(asRows(rows, share), seededRandom(1)).pAdjusted[0]!;
      const n = rows[0]!.length;
      const equalToOwn = rows[0]!.filter((x) => x === 0).length;
      const top = undoneByTrimming(n, share) / 2 ** n;
      // Flips of nothing count once more for every value that is 0.
      if (alone > top * 2 ** equalToOwn) expect(together).toBeGreaterThanOrEqual(alone);
      else expect(together).toBeGreaterThanOrEqual(2 ** -n);
    }),
  );
});

test.each([10, 20])(
  "with %i blocks a row at the critical T has a p of at most alpha, one below it has not",
  (n) => {
    const random = seededRandom(n, "critical");
    const rows = Array.from({ length: 4 }, () => Array.from({ length: n }, () => random() - 0.5));
    for (const alpha of [0.005, 0.05, 0.5]) {
      const critical = jointSignFlip(asRows(rows, 0.2), seededRandom(1)).criticalT(alpha);
      const flip = jointSignFlip(asRows(rows, 0.2), seededRandom(1));
      for (const [cell, p] of flip.pAdjusted.entries()) {
        const t = trivialT(rows[cell]!, 0.2);
        if (relativeError(t, critical) > 1e-6) expect(p <= alpha).toBe(t > critical);
      }
    }
  },
);

test("an alpha below one in all flips cannot be reached", () => {
  const flip = jointSignFlip([{ values: [1, 2, 3, 4, 5, 6], trim: 0.2 }], seededRandom(1));
  expect(flip.criticalT(0.01)).toBe(Infinity);
  expect(flip.criticalT(0.05)).toBeLessThan(Infinity);
});

test("rows that are all equal tie with the flips that trimming undoes to the last digit, and with no others", () => {
  const equal = Array<number>(8).fill(0.03);
  expect(jointSignFlip([{ values: equal, trim: 0 }], seededRandom(1)).pAdjusted).toEqual([1 / 256]);
  expect(jointSignFlip([{ values: equal, trim: 0.2 }], seededRandom(1)).pAdjusted).toEqual([9 / 256]);
});

test("a shift far above the noise is as clear as trimming allows, however far it is", () => {
  const random = seededRandom(4, "noise");
  const noise = Array.from({ length: 12 }, () => random() - 0.5);
  for (const shift of [5, 50, 500]) {
    const values = noise.map((x) => x + shift);
    // The two smallest values may be flipped: trimming cuts them on either side.
    expect(jointSignFlip([{ values, trim: 0.2 }], seededRandom(1)).pAdjusted).toEqual([4 / 4096]);
  }
});

test("an empty family has nothing to say", () => {
  const flip = jointSignFlip([], seededRandom(1));
  expect(flip.pAdjusted).toEqual([]);
  expect(flip.criticalT(0.05)).toBe(Infinity);
});

test("rows of different length are refused", () => {
  const rows = [
    [1, 2],
    [1, 2, 3],
  ].map((values) => ({ values, trim: 0 }));
  expect(() => jointSignFlip(rows, seededRandom(1))).toThrow(RangeError);
});
