import fc from "fast-check";
import { expect, test } from "vitest";
import { arrivalOffsetsUs, cutIntoBursts } from "../../../src/load/schedule/arrival-schedule.js";

const anySchedule = fc.record({
  count: fc.integer({ min: 1, max: 500 }),
  rate: fc.double({ min: 0.1, max: 100_000, noNaN: true }),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  burstMs: fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.constant(Infinity)),
});

test("the same seed gives the same arrivals, another seed others", () => {
  expect(arrivalOffsetsUs(100, 300, 5)).toEqual(arrivalOffsetsUs(100, 300, 5));
  expect(arrivalOffsetsUs(100, 300, 5)).not.toEqual(arrivalOffsetsUs(100, 300, 6));
});

test("arrivals ascend and are finite", () => {
  fc.assert(
    fc.property(anySchedule, ({ count, rate, seed }) => {
      const offsets = arrivalOffsetsUs(count, rate, seed);
      expect(offsets.length).toBe(count);
      expect(offsets.every((at, i) => Number.isFinite(at) && at >= (offsets[i - 1] ?? 0))).toBe(true);
    }),
  );
});

test("gaps are exponential: mean and share above the mean are those of the distribution", () => {
  const count = 100_000;
  const offsets = arrivalOffsetsUs(count, 1000, 11);
  const gaps = offsets.map((at, i) => at - (offsets[i - 1] ?? 0));
  // Standard error of the mean of 100,000 exponential gaps: 0.32 %.
  expect(offsets[count - 1]! / count / 1000).toBeCloseTo(1, 1.9);
  expect(gaps.filter((gap) => gap > 1000).length / count).toBeCloseTo(Math.exp(-1), 1.9);
  expect(gaps.filter((gap) => gap > 3000).length / count).toBeCloseTo(Math.exp(-3), 1.9);
});

test("bursts hold every arrival once, in order, and join without a gap", () => {
  fc.assert(
    fc.property(anySchedule, ({ count, rate, seed, burstMs }) => {
      const offsets = arrivalOffsetsUs(count, rate, seed);
      let next = 0;
      let reachedUs = 0;
      for (const { first, end, fromUs, lengthUs } of cutIntoBursts(offsets, burstMs)) {
        expect(first).toBe(next);
        expect(end).toBeGreaterThan(first);
        expect(fromUs).toBe(reachedUs);
        expect(offsets[first]!).toBeGreaterThanOrEqual(fromUs);
        expect(offsets[end - 1]!).toBeLessThanOrEqual(fromUs + lengthUs + 1e-6 * fromUs);
        next = end;
        reachedUs = Math.max(offsets[end - 1]!, fromUs + lengthUs);
      }
      expect(next).toBe(count);
    }),
  );
});

test("a burst ends at a multiple of its length, the last with its last arrival", () => {
  const offsets = Float64Array.of(10_000, 20_000, 130_000, 140_000);
  expect(cutIntoBursts(offsets, 50)).toEqual([
    { first: 0, end: 2, fromUs: 0, lengthUs: 50_000 },
    { first: 2, end: 4, fromUs: 50_000, lengthUs: 90_000 },
  ]);
});
