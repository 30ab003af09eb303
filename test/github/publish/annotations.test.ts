import { expect, test } from "vitest";
import { annotationsOf } from "../../../src/github/publish/annotations.js";
import { sampleResult } from "../../reporters/sample-result.js";
import { slowerResult } from "../parts/slower-result.js";

test("each regression is one error, ten at most, and the last counts the rest", () => {
  const annotations = annotationsOf(slowerResult(20), true);
  expect(annotations).toHaveLength(10);
  expect(annotations.every(({ level, message }) => level === "error" && message.length <= 4096)).toBe(true);
  expect(annotations[9]!.message).toMatch(/^and \d+ more regressions/);
});

test.each([
  ["regression", true, "error"],
  ["regression", false, "warning"],
  ["inconclusive", false, "warning"],
  ["inconclusive", true, "error"],
  ["no-baseline", false, "notice"],
  ["invalid", true, "error"],
] as const)("the verdict %s (fails: %s) is shown as %s", (verdict, fails, level) => {
  const [first] = annotationsOf(sampleResult({ verdict, reason: "why" }), fails);
  expect(first).toMatchObject({ level });
});

test("a pass shows no annotation", () => {
  expect(annotationsOf(sampleResult({ verdict: "pass" }), false)).toEqual([]);
});

test("a reason without end is cut", () => {
  const [only] = annotationsOf(sampleResult({ verdict: "invalid", reason: "x".repeat(100_000) }), true);
  expect(only!.message.length).toBe(4_000);
});
