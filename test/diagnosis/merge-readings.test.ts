import { expect, test } from "vitest";
import { mergeReadings } from "../../src/diagnosis/merge-readings.js";
import { madeUpReadings } from "./fake-instrument.js";

test("calls of one function in several processes are added up", () => {
  const { functions, calls } = mergeReadings(madeUpReadings("calls"), 10);
  expect(functions.map(({ name }) => name)).toEqual(["handler", "serialize"]);
  expect(calls).toEqual({ counts: [100, 57], requests: 10 });
});

test("of more functions than a profile may hold, those that are called most are kept", () => {
  const many = Array.from({ length: 10_050 }, (_, line) => ({
    name: `f${line}`,
    file: "a.js",
    line,
    origin: "repository" as const,
  }));
  const { functions, calls } = mergeReadings(
    [{ functions: many, calls: many.map((_, place) => place), stacks: null }],
    1,
  );
  expect(functions).toHaveLength(10_000);
  expect(calls!.counts[0]).toBe(10_049);
  expect(functions[0]!.name).toBe("f10049");
});

test("a name of 10 kB is cut to one that a report can hold", () => {
  const long = { name: "x".repeat(10_000), file: "y".repeat(10_000), line: 1, origin: "repository" as const };
  const [only] = mergeReadings([{ functions: [long], calls: [1], stacks: null }], 1).functions;
  expect(only!.name).toHaveLength(500);
  expect(only!.file).toHaveLength(1000);
});
