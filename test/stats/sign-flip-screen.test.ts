import fc from "fast-check";
import { expect, test } from "vitest";
import { jointSignFlip } from "../../src/stats/joint-sign-flip.js";
import { seededRandom } from "../../src/stats/random.js";
import { signFlipScreen } from "../../src/stats/sign-flip-screen.js";

const families = fc
  .record({
    seed: fc.nat(100_000),
    blocks: fc.constantFrom(6, 8, 11, 12, 16),
    // Rows that share a shock differ by their own noise alone; without any, flips tie.
    rows: fc.array(
      fc.record({
        own: fc.constantFrom(0, 0.01, 0.3),
        shift: fc.double({ min: -0.5, max: 1, noNaN: true }),
        trim: fc.constantFrom(0, 0.2),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  })
  .map(({ seed, blocks, rows }) => {
    const random = seededRandom(seed);
    const shock = Array.from({ length: blocks }, () => (random() < 0.5 ? 0.3 : -0.3));
    return {
      seed,
      rows: rows.map(({ own, shift, trim }) => ({
        trim,
        values: shock.map((size) => size + shift + own * (random() - 0.5)),
      })),
    };
  });

test("a row that the screen rules out is not clear in the joint test", () => {
  let ruledOut = 0;
  fc.assert(
    fc.property(families, fc.constantFrom(0.001, 0.0075, 0.05), ({ seed, rows }, alpha) => {
      const isNeverClear = signFlipScreen(rows, () => seededRandom(seed, "signs"));
      const { pStepDown } = jointSignFlip(rows, seededRandom(seed, "signs"));
      for (const [place, p] of pStepDown.entries()) {
        if (!isNeverClear(place, alpha)) continue;
        ruledOut++;
        expect(p).toBeGreaterThan(alpha);
      }
    }),
    { numRuns: 200 },
  );
  expect(ruledOut).toBeGreaterThan(100);
});
