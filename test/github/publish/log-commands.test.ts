import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { annotate, logGroup, withoutCommands } from "../../../src/github/publish/log-commands.js";
import { recordingCore } from "../parts/recording-core.js";

describe("what a service prints into an Actions log", () => {
  test.each([
    "::error::x",
    "  ::add-mask::a",
    "::stop-commands::t",
    "##[error]x",
    "x ##[group]y",
    "ok\r::set-output name=a::b",
  ])("a line %j from a service is no workflow command", (text) => {
    for (const line of withoutCommands(text).split("\n")) {
      expect(line.trimStart().startsWith("::")).toBe(false);
      expect(line).not.toContain("##[");
    }
  });

  test("a service's output is no workflow command, whatever it is made of", () => {
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

test.each([
  ["::error::x", ": :error::x"],
  ["  ::add-mask::a", "  : :add-mask::a"],
  ["a\n::stop-commands::t\nb", "a\n: :stop-commands::t\nb"],
  ["a\u2028::error::b", "a\n: :error::b"],
  ["x ##[error]y", "x # #[error]y"],
  ["std::vector is fine", "std::vector is fine"],
  [":::", ": ::"],
])("the text %j cannot command the runner", (text, harmless) => {
  expect(withoutCommands(text)).toBe(harmless);
});

test("a group's title is one line", () => {
  const core = recordingCore();
  logGroup(core, "head\n::endgroup::", "::error::x");
  expect(core.lines).toEqual(["group: head ::endgroup::", "info: : :error::x"]);
});

test("line breaks and control characters of a name do not leave its annotation", () => {
  const core = recordingCore();
  annotate(core, {
    level: "error",
    title: "a\n::error::b",
    message: "x\r\n::set-output name=y::z\u001b[31m",
  });
  expect(core.lines).toEqual(["error: [a ::error::b] x ::set-output name=y::z"]);
});
