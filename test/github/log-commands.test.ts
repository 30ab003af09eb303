import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withoutCommands } from "../../src/github/publish/log-commands.js";

describe("what a service prints into an Actions log", () => {
  test.each([
    "::error::x",
    "  ::add-mask::a",
    "::stop-commands::t",
    "##[error]x",
    "x ##[group]y",
    "ok\r::set-output name=a::b",
  ])("%j is no workflow command", (text) => {
    for (const line of withoutCommands(text).split("\n")) {
      expect(line.trimStart().startsWith("::")).toBe(false);
      expect(line).not.toContain("##[");
    }
  });

  test("is no workflow command, whatever it is made of", () => {
    const piece = fc.constantFrom("::", "error", "##[", "#", "\n", "\r", " ", "\u001b[0m", "\u200b", "x");
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        for (const line of withoutCommands(pieces.join("")).split("\n")) {
          expect(line.trimStart().startsWith("::")).toBe(false);
          expect(line).not.toContain("##[");
        }
      }),
    );
  });
});
