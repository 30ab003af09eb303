import { expect, test } from "vitest";
import { conclusionOf } from "../../../src/github/publish/check.js";

test.each([
  ["regression", "failure", "failure"],
  ["invalid", "failure", "failure"],
  ["pass", "success", "neutral"],
  ["inconclusive", "neutral", "neutral"],
  ["no-baseline", "neutral", "neutral"],
] as const)(
  "the check of verdict %s concludes as %s, and as %s where the numbers are a stranger's",
  (verdict, own, stranger) => {
    expect(conclusionOf(verdict, true)).toBe(own);
    expect(conclusionOf(verdict, false)).toBe(stranger);
  },
);
