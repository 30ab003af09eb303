import fc from "fast-check";
import { expect, test } from "vitest";

import { parseProcessorList, placementFor, type Processors } from "../../src/service/lifecycle/placement.js";
import { readProcessors } from "../../src/service/lifecycle/processors.js";

const machine = (allowed: number[] | null, siblings: number[][] = [], taskset = true): Processors => ({
  allowed,
  siblings,
  taskset,
});

test.each([
  ["0-3", [0, 1, 2, 3]],
  ["0", [0]],
  ["8,0-1\n", [0, 1, 8]],
  ["", []],
])("the list %j names %j", (text, processors) => {
  expect(parseProcessorList(text)).toEqual(processors);
});

test.each([
  ["one processor", machine([0]), "there is one processor"],
  ["no taskset", machine([0, 1], [], false), "`taskset` is not installed"],
  ["another system", machine(null), "cannot be read on this system"],
])("with %s nothing is placed, and the report says so", (_, processors, words) => {
  const placement = placementFor(["base", "head"], processors);
  expect(placement.generator).toBeNull();
  expect(placement.processorsOf("base", 0)).toBeNull();
  expect(placement.words).toContain(words);
});

test("with two processors the generator has one and the arms share the other", () => {
  const placement = placementFor(["base", "head"], machine([0, 1]));
  expect(placement.generator).toBe("0");
  expect(placement.processorsOf("base", 0)).toBe("1");
  expect(placement.processorsOf("head", 1)).toBe("1");
  expect(placement.words).toBe("the load generator ran on processor 0, every arm on processor 1");
});

test("with four processors in two cores the other half of the generator's core is left alone", () => {
  const placement = placementFor(
    ["base", "head"],
    machine(
      [0, 1, 2, 3],
      [
        [0, 1],
        [0, 1],
        [2, 3],
        [2, 3],
      ],
    ),
  );
  expect(placement.generator).toBe("0");
  expect(placement.processorsOf("base", 0)).toBe("2,3");
  expect(placement.processorsOf("head", 0)).toBe("2,3");
});

test("with many processors each arm has its own, and arms swap them from block to block", () => {
  const placement = placementFor(["base", "head"], machine([0, 1, 2, 3, 4, 5, 6, 7]));
  expect(placement.processorsOf("base", 0)).toBe("1,2,3");
  expect(placement.processorsOf("head", 0)).toBe("4,5,6");
  expect(placement.processorsOf("base", 1)).toBe("4,5,6");
  expect(placement.processorsOf("head", 1)).toBe("1,2,3");
  expect(placement.words).toContain("swapped from block to block (1,2,3 and 4,5,6)");
});

test("no arm ever has more processors than another, or one of the generator's, on any machine", () => {
  const processors = fc.uniqueArray(fc.nat(63), { minLength: 2 }).map((list) => list.sort((a, b) => a - b));
  fc.assert(
    fc.property(processors, fc.integer({ min: 1, max: 4 }), fc.nat(20), (allowed, count, block) => {
      const arms = Array.from({ length: count }, (_, index) => `arm ${index}`);
      const placement = placementFor(arms, machine(allowed));
      const lists = arms.map((arm) => placement.processorsOf(arm, block)!.split(","));
      expect(new Set(lists.map((list) => list.length)).size).toBe(1);
      for (const list of lists) {
        expect(list).not.toContain(placement.generator);
        expect(list.every((processor) => allowed.includes(Number(processor)))).toBe(true);
      }
    }),
  );
});

test("this machine's processors can be read", () => {
  const processors = readProcessors(process.env);
  expect(processors.allowed!.length).toBeGreaterThan(0);
  expect(readProcessors({ PATH: "/nowhere" }).taskset).toBe(false);
});
