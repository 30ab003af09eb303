import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { logLine, logText } from "../../src/text/log-text.js";

describe("what a service prints into an Actions log", () => {
  test.each([
    "::error::x",
    "  ::add-mask::a",
    "::stop-commands::t",
    "##[error]x",
    "x ##[group]y",
    "ok\r::set-output name=a::b",
  ])("a line %j from a service is no workflow command", (text) => {
    for (const line of logText(text).split("\n")) {
      expect(line.trimStart().startsWith("::")).toBe(false);
      expect(line).not.toContain("##[");
    }
  });

  test("a service's output is no workflow command, whatever it is made of", () => {
    const piece = fc.constantFrom("::", "error", "##[", "#", "\n", "\r", " ", "\u001b[0m", "\u200b", "x");
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        for (const line of logText(pieces.join("")).split("\n")) {
          expect(line.trimStart().startsWith("::")).toBe(false);
          expect(line).not.toContain("##[");
        }
      }),
    );
  });
});

test.each([
  ["::error::x", ": :error::x"],
  ["  ::add-mask::a", "  : :add-mask::a"],
  ["a\n::stop-commands::t\nb", "a\n: :stop-commands::t\nb"],
  ["a\u2028::error::b", "a\n: :error::b"],
  ["x ##[error]y", "x # #[error]y"],
  ["std::vector is fine", "std::vector is fine"],
  [":::", ": ::"],
])("the text %j cannot command the runner", (text, harmless) => {
  expect(logText(text)).toBe(harmless);
});

test("what has to be one line stays one", () => {
  expect(logLine("a\n::error::b ##[group]\u001b[31mc")).toBe("a ::error::b # #[group]c");
  expect(logLine("\n::error::b")).toBe(": :error::b");
});
