import { expect, test } from "vitest";
import type { FailOn } from "../../src/config/inputs.js";
import type { RunVerdict } from "../../src/model/result.js";
import { exitCodeOf } from "../../src/verdict/exit-code.js";

const table: [RunVerdict, Record<FailOn, number>][] = [
  ["pass", { regression: 0, inconclusive: 0, never: 0 }],
  ["no-baseline", { regression: 0, inconclusive: 0, never: 0 }],
  ["regression", { regression: 1, inconclusive: 1, never: 0 }],
  ["inconclusive", { regression: 0, inconclusive: 3, never: 0 }],
  ["invalid", { regression: 2, inconclusive: 2, never: 2 }],
];

test.each(table)("%s exits as the contract says, whatever shall fail", (verdict, codes) => {
  for (const [failOn, code] of Object.entries(codes))
    expect(exitCodeOf(verdict, failOn as FailOn)).toBe(code);
});
