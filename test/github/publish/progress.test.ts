import { expect, test } from "vitest";
import { readRunnerEnvironment } from "../../../src/github/event/runner-environment.js";
import { endedMarkdown, progressMarkdown } from "../../../src/github/publish/progress.js";

const runner = readRunnerEnvironment({ GITHUB_REPOSITORY: "acme/shop", GITHUB_RUN_ID: "5" });
const state = {
  step: "measuring",
  block: 3,
  maximumBlocks: 40,
  elapsedMs: 1,
  remainingMs: 221_000,
  arms: [],
  watched: [],
};

test("the comment of a running measurement says how long it will take", () => {
  expect(progressMarkdown(state, runner)).toBe(
    "**Tailgate** is at work: measuring, block 3 of at most 40, about 4 minutes more. " +
      "[Follow the run](https://github.com/acme/shop/actions/runs/5).",
  );
  expect(
    progressMarkdown({ ...state, maximumBlocks: null, remainingMs: null, step: "building | head" }, runner),
  ).toContain("building &#124; head. ");
  expect(progressMarkdown({ ...state, remainingMs: 10 }, runner)).toContain("about a minute more");
});

test("the comment of a run that was stopped says that nothing is known", () => {
  expect(endedMarkdown(runner)).toContain("nothing is known");
});
