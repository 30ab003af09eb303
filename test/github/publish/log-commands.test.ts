import { expect, test } from "vitest";
import { annotate, logGroup } from "../../../src/github/publish/log-commands.js";
import { recordingCore } from "../parts/recording-core.js";

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
