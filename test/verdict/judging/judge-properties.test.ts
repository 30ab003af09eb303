import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom, shuffled } from "../../../src/stats/random.js";
import { judge } from "../../../src/verdict/judging/judge.js";
import type { ObservedCell } from "../../../src/model/observed-cell.js";
import type { CellVerdictName, Judgement } from "../../../src/model/judgement.js";
import { observations, observedCell } from "../made-up-observations.js";

const METRICS = ["p50", "p90", "p95", "throughput"] as const;

/** A few cells with noise and shifts of all sizes; few enough blocks for all flips to be tried. */
const cells = fc
  .record({
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    blocks: fc.integer({ min: 6, max: 12 }),
    cells: fc.array(
      fc.record({
        factor: fc.double({ min: 0.7, max: 1.4, noNaN: true }),
        spread: fc.double({ min: 0.005, max: 0.1, noNaN: true }),
        gated: fc.boolean(),
        proof: fc.boolean(),
      }),
      { minLength: 1, maxLength: METRICS.length },
    ),
  })
  .map(({ seed, blocks, cells }) =>
    cells.map((cell, i) => {
      const metric = METRICS[i]!;
      return observedCell({
        ...cell,
        metric,
        worse: metric === "throughput" ? "lower" : "higher",
        seed: seed + i,
        blocks,
      });
    }),
  );

const RUNS = { numRuns: 40 };

const MIRROR: Readonly<Record<CellVerdictName, CellVerdictName>> = {
  regressed: "improved",
  improved: "regressed",
  unchanged: "unchanged",
  inconclusive: "inconclusive",
};

/** Everything but what is in the cell's own unit. */
function statistics(judgement: Judgement) {
  return judgement.cells.map(({ baseline, candidate, ...rest }) => ({
    ...rest,
    ratio: candidate / baseline,
  }));
}

function close(a: number, b: number): void {
  if (a === b) return;
  expect(Math.abs(a - b)).toBeLessThan(1e-9 * Math.max(1, Math.abs(a), Math.abs(b)));
}

test("swapping the arms mirrors every cell", () => {
  const swapped = (cell: ObservedCell): ObservedCell => ({
    ...cell,
    values: { base: cell.values["head"]!, head: cell.values["base"]! },
  });
  fc.assert(
    fc.property(cells, (list) => {
      // Judged once, so that both are judged at the same blocks.
      const there = judge(observations(list, { looks: [] })).cells;
      const back = judge(observations(list.map(swapped), { looks: [] })).cells;
      for (const [i, cell] of there.entries()) {
        const mirrored = back[i]!;
        close(mirrored.trimmedMean, -cell.trimmedMean);
        close(mirrored.standardError, cell.standardError);
        close(1 + mirrored.change, 1 / (1 + cell.change));
        close(1 + mirrored.low, 1 / (1 + cell.high));
        close(1 + mirrored.high, 1 / (1 + cell.low));
        if (cell.verdict !== "unchanged" && mirrored.verdict !== "unchanged") {
          expect(mirrored.verdict).toBe(MIRROR[cell.verdict]);
        }
        // "Within its limit" looks one way only; what it must never turn into is a regression the same way.
        if (cell.verdict === "unchanged") expect(mirrored.verdict).not.toBe("improved");
      }
    }),
    RUNS,
  );
});

test("changing the unit changes nothing", () => {
  fc.assert(
    fc.property(cells, fc.constantFrom(1e-6, 1e-3, 1000, 7.3), (list, factor) => {
      const scaled = list.map((cell) => ({
        ...cell,
        floor: cell.floor * factor,
        values: {
          base: cell.values["base"]!.map((value) => value * factor),
          head: cell.values["head"]!.map((value) => value * factor),
        },
      }));
      const before = judge(observations(list));
      const after = judge(observations(scaled));
      expect([after.verdict, after.look]).toEqual([before.verdict, before.look]);
      for (const [i, cell] of statistics(before).entries()) {
        const other = statistics(after)[i]!;
        expect(other.verdict).toBe(cell.verdict);
        expect(other.pAdjusted).toBe(cell.pAdjusted);
        close(other.change, cell.change);
        close(other.minimumDetectable, cell.minimumDetectable);
        close(other.ratio, cell.ratio);
      }
    }),
    RUNS,
  );
});

test("the order of the cells does not matter, not even to drawn flips", () => {
  const list = Array.from({ length: 9 }, (_, i) =>
    observedCell({
      metric: `m${i}`,
      seed: i + 1,
      spread: 0.05,
      factor: 1 + 0.01 * i,
      blocks: 20,
      proof: i % 2 === 0,
    }),
  );
  const before = judge(observations(list));
  for (let seed = 1; seed <= 5; seed++) {
    const after = judge(observations(shuffled(list, seededRandom(seed))));
    expect([after.verdict, after.look]).toEqual([before.verdict, before.look]);
    const byMetric = (judgement: Judgement) => new Map(judgement.cells.map((cell) => [cell.metric, cell]));
    expect(byMetric(after)).toEqual(byMetric(before));
  }
});

const HARSHNESS: Readonly<Record<Judgement["verdict"], number>> = { pass: 0, inconclusive: 1, regression: 2 };

test("a larger shift never gets a milder verdict", () => {
  fc.assert(
    fc.property(
      fc.record({
        seed: fc.integer({ min: 1, max: 1_000_000 }),
        blocks: fc.constantFrom(6, 7, 9, 12, 13),
        spread: fc.double({ min: 0.005, max: 0.08, noNaN: true }),
        worse: fc.constantFrom("higher" as const, "lower" as const),
      }),
      ({ seed, blocks, spread, worse }) => {
        let harshest = 0;
        for (const shift of [-0.5, -0.05, 0, 0.02, 0.04, 0.06, 0.1, 0.15, 0.25, 0.6, 1.5]) {
          const factor = Math.exp(worse === "higher" ? shift : -shift);
          const cell = observedCell({ seed, blocks, spread, worse, factor });
          const harshness = HARSHNESS[judge(observations([cell])).verdict];
          expect(harshness).toBeGreaterThanOrEqual(harshest);
          harshest = harshness;
        }
      },
    ),
    // Not a theorem for a trimmed mean: fixed samples, so that it cannot fail by chance one day.
    { ...RUNS, seed: 1 },
  );
});

test("the same document gets the same answer, digit for digit", () => {
  const list = [observedCell({ spread: 0.06, factor: 1.04 }), observedCell({ metric: "p90", seed: 3 })];
  expect(judge(observations(list))).toEqual(judge(observations(structuredClone(list))));
});
