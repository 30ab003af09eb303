import { describe, expect, test } from "vitest";
import { TailgateError } from "../../src/error.js";
import { parseResult, parseResultText } from "../../src/model/parse-result.js";
import { sampleResult } from "../reporters/sample-result.js";
import { SAMPLES } from "../reporters/samples.js";

function refused(document: unknown): TailgateError {
  try {
    parseResult(document);
  } catch (error) {
    expect(error).toBeInstanceOf(TailgateError);
    return error as TailgateError;
  }
  throw new Error("the document was taken");
}

/** A sample with one place changed; `path` as in a message. */
function damaged(path: string, value: unknown): unknown {
  const copy = structuredClone(sampleResult()) as unknown as Record<string, unknown>;
  const keys = path.split(".");
  let place = copy;
  for (const key of keys.slice(0, -1)) place = place[key] as Record<string, unknown>;
  place[keys.at(-1)!] = value;
  return copy;
}

describe("the schema of a result", () => {
  test.each(Object.keys(SAMPLES))("reads back what was written: %s", (name) => {
    const result = SAMPLES[name]!();
    expect(parseResultText(JSON.stringify(result))).toEqual(result);
  });

  test("reads a file that begins with a byte order mark", () => {
    expect(parseResultText(`\ufeff${JSON.stringify(sampleResult())}`).seed).toBe(42);
  });
});

describe("a result that is refused", () => {
  test.each([
    ["a verdict that does not exist", "verdict", "fine", "verdict"],
    ["a number as text", "cells.0.change", "0.1", "cells.0.change"],
    ["a negative latency", "blocks.0.arms.head.scenarios.list users.latencyUs.p50", -3, "latencyUs.p50"],
    ["half a request", "blocks.0.arms.head.scenarios.list users.requests", 0.5, "requests"],
    [
      "a bin that no picture has",
      "blocks.0.arms.head.scenarios.list users.histogram.0",
      [128, 1],
      "histogram.0",
    ],
    ["a share above one", "cells.0.p", 1.5, "cells.0.p"],
    ["a date that is none", "startedAt", "yesterday", "startedAt"],
    ["a missing list", "cells", undefined, "cells"],
    [
      "a list of everything",
      "warnings",
      Array.from({ length: 3_000 }, () => ({ code: "a", message: "b" })),
      "warnings",
    ],
    ["a name without end", "arms.0.name", "a".repeat(10_000), "arms.0.name"],
    ["infinity", "durationMs", Infinity, "durationMs"],
    ["what adds up to infinity", "blocks.0.arms.head.peakResidentBytes", 1e308, "peakResidentBytes"],
    ["a load of no requests", "schedule.loads.0.requests", 0, "loads.0.requests"],
    ["a plan of no requests", "plan.scenarios.0.load.requests", 0, "load.requests"],
    ["no load at all", "schedule.loads", [], "schedule.loads"],
    ["a run of no blocks", "schedule.maximumBlocks", 0, "maximumBlocks"],
    ["a rate of nothing", "schedule.loads.0.ratePerSecond", 0, "ratePerSecond"],
    [
      "more failures than requests",
      "blocks.0.arms.head.scenarios.list users.errors.status",
      1e6,
      "scenarios.list users",
    ],
    ["not a number", "durationMs", NaN, "durationMs"],
  ])("%s is named by its place", (_, path, value, place) => {
    const error = refused(damaged(path, value));
    expect(error.code).toBe("artifact");
    expect(error.message).toContain("damaged");
    expect(error.message).toContain(place);
  });

  test("a newer version says which one it is, and what to use", () => {
    const error = refused({ ...sampleResult(), schema: "tailgate/result@2" });
    expect(error.message).toBe(
      "The result was written by another version of Tailgate (tailgate/result@2); this one reads tailgate/result@1.",
    );
    expect(error.hint).toContain("newer");
  });

  test.each([
    ["nothing", null],
    ["a list", []],
    ["a text", "tailgate/result@1"],
    ["another tool's", { schema: "k6/summary" }],
    ["an inherited schema", Object.create({ schema: "tailgate/result@1" })],
    ["a hostile schema name", { schema: "\u202e<script>" }],
  ])("%s is no result", (_, document) => {
    expect(refused(document).message).toMatch(/^This is not a result of Tailgate/u);
  });

  test.each([
    ["an empty file", "", "empty"],
    ["half a file", JSON.stringify(sampleResult()).slice(0, 5_000), "not valid JSON"],
    ["a number beyond any", '{"schema":"tailgate/result@1","seed":1e999}', "damaged"],
    ["a hundred thousand levels", "[".repeat(100_000) + "]".repeat(100_000), "not a result"],
  ])("%s", (_, text, said) => {
    expect(() => parseResultText(text)).toThrow(expect.objectContaining({ code: "artifact" }) as Error);
    expect(() => parseResultText(text)).toThrow(said);
  });
});

test("keys that nobody knows and keys that reach for prototypes are dropped", () => {
  const text = JSON.stringify(sampleResult())
    .replace('"seed":42', '"seed":42,"__proto__":{"polluted":true},"surprise":1')
    .replace('"statuses":{', '"statuses":{"__proto__":1,"constructor":2,');
  const result = parseResultText(text);
  expect(result).not.toHaveProperty("surprise");
  expect(result).not.toHaveProperty("polluted");
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
});

test("negative zero and a name called constructor do no harm", () => {
  const result = parseResult(damaged("cells.0.change", -0));
  expect(result.cells[0]!.change).toBe(-0);
  const odd = sampleResult({ scenarios: ["constructor", "toString"] });
  expect(parseResultText(JSON.stringify(odd))).toEqual(odd);
});
