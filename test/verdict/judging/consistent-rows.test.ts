import fc from "fast-check";
import { expect, test } from "vitest";
import type { JudgedCell } from "../../../src/model/judgement.js";
import type { Observations } from "../../../src/model/observations.js";
import type { ObservedCell } from "../../../src/model/observed-cell.js";
import { judge } from "../../../src/verdict/judging/judge.js";
import { noisy, observations, observedCell } from "../made-up-observations.js";

/** Ends of the interval in the direction in which positive is worse. */
function worsening(cell: JudgedCell, worse: "higher" | "lower"): { least: number; most: number } {
  return worse === "higher" ? { least: cell.low, most: cell.high } : { least: -cell.high, most: -cell.low };
}

interface ArmNoise {
  /** Over the baseline. */
  readonly factor: number;
  readonly spread: number;
  /** Blocks in which a neighbour hits this arm. */
  readonly hits: readonly number[];
}

const arm: fc.Arbitrary<ArmNoise> = fc.record({
  factor: fc.oneof(
    fc.constantFrom(0.5, 0.9, 1, 1.05, 1.1, 2),
    fc.double({ min: 0.7, max: 1.5, noNaN: true }),
  ),
  spread: fc.constantFrom(0.001, 0.01, 0.05, 0.2, 0.6),
  hits: fc.array(fc.nat(39), { maxLength: 8 }),
});

const ratioCell = fc.record({
  head: arm,
  control: arm,
  worse: fc.constantFrom("higher" as const, "lower" as const),
  limit: fc.constantFrom(0.001, 0.05, 0.3),
  floor: fc.constantFrom(0, 1, 120, 5000),
  gated: fc.boolean(),
  proof: fc.boolean(),
  accepted: fc.constantFrom(null, null, 0.2),
});

const shares = fc.array(fc.constantFrom(0, 0, 0, 0, 0.0005, 0.002, 0.011, 0.02, 0.5), {
  minLength: 40,
  maxLength: 40,
});
const errorCell = fc.record({
  base: fc.oneof(fc.constant(Array<number>(40).fill(0)), shares),
  head: fc.oneof(fc.constant(Array<number>(40).fill(0)), shares),
  limit: fc.constantFrom(0.0001, 0.001, 0.02),
  floor: fc.constantFrom(0, 0.005),
});

const documents = fc
  .record({
    blocks: fc.integer({ min: 2, max: 21 }),
    seed: fc.nat(1_000_000),
    alpha: fc.constantFrom(0.01, 0.05, 0.2),
    looks: fc.constantFrom([], [12, 20, 30, 40], [6, 8, 10]),
    strict: fc.boolean(),
    control: fc.boolean(),
    ratios: fc.array(ratioCell, { minLength: 1, maxLength: 4 }),
    errors: fc.option(errorCell, { nil: null }),
  })
  .map(({ blocks, seed, control, ratios, errors, ...rest }): Observations => {
    const values = ({ factor, spread, hits }: ArmNoise, at: number) =>
      noisy(blocks, 1000 * factor, spread, seed + at).map((value, i) =>
        hits.includes(i) ? 2 * value : value,
      );
    const cells = ratios.map((ratio, i): ObservedCell => {
      const own = {
        base: noisy(blocks, 1000, ratio.head.spread, seed + 10 * i),
        head: values(ratio.head, 10 * i + 1),
      };
      return observedCell({
        metric: `m${i}`,
        worse: ratio.worse,
        limit: ratio.limit,
        floor: ratio.floor,
        gated: ratio.gated,
        proof: ratio.proof,
        accepted: ratio.accepted,
        values: control ? { ...own, control: values(ratio.control, 10 * i + 2) } : own,
      });
    });
    if (errors !== null) {
      const own = { base: errors.base.slice(0, blocks), head: errors.head.slice(0, blocks) };
      cells.push(
        observedCell({
          metric: "errors",
          unit: "share",
          scale: "difference",
          limit: errors.limit,
          floor: errors.floor,
          values: control ? { ...own, control: own.base } : own,
        }),
      );
    }
    return observations(cells, { ...rest, seed, control: control ? "control" : null });
  });

test("no row of a judged document contradicts its own interval or its effective limit", () => {
  fc.assert(
    fc.property(documents, (document) => {
      const { cells } = judge(document);
      for (const cell of cells) {
        const { worse, limit } = document.cells.find(({ metric }) => metric === cell.metric)!;
        const { least, most } = worsening(cell, worse);
        expect(cell.low).toBeLessThanOrEqual(cell.change);
        expect(cell.high).toBeGreaterThanOrEqual(cell.change);
        expect(cell.effectiveLimit).toBeGreaterThanOrEqual(limit);
        if (cell.verdict === "regressed") expect(least).toBeGreaterThan(0);
        if (cell.verdict === "improved") expect(most).toBeLessThan(0);
        if (cell.verdict === "unchanged") expect(most).toBeLessThan(cell.effectiveLimit);
      }
    }),
    { numRuns: 80 },
  );
});

test("a red run has a row that regressed, and a green one has none that was not accepted", () => {
  fc.assert(
    fc.property(documents, (document) => {
      const judgement = judge(document);
      const rows = judgement.cells.filter(({ gated, arm }) => gated && arm !== document.control);
      const red = rows.filter(({ verdict }) => verdict === "regressed");
      if (judgement.verdict === "regression") expect(red).not.toEqual([]);
      if (judgement.verdict === "pass") {
        const accepted = (metric: string) => document.cells.find((cell) => cell.metric === metric)!.accepted;
        expect(red.filter(({ metric }) => accepted(metric) === null)).toEqual([]);
        const open = rows.filter(({ proof, verdict }) => proof && verdict === "inconclusive");
        expect(open.filter(({ metric }) => accepted(metric) === null)).toEqual([]);
      }
    }),
    { numRuns: 80 },
  );
});
