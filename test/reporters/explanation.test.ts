import { describe, expect, test } from "vitest";
import type { Explanation } from "../../src/model/explanation.js";
import { renderMarkdown } from "../../src/reporters/markdown/report-markdown.js";
import { PLAIN } from "../../src/reporters/terminal/palette.js";
import { renderTerminal } from "../../src/reporters/terminal/report-terminal.js";
import { explained } from "../explanation/profiles.js";
import {
  COSTLIER,
  FIVE_PERCENT,
  N_PLUS_ONE,
  PRETTY_JSON,
  SERVICE,
  WAITING,
} from "../explanation/programs.js";
import { sampleResult } from "./sample-result.js";

const NONE = {
  profiles: [],
  instruments: ["Nothing looks into head: perf needs `sudo sysctl kernel.perf_event_paranoid=1`."],
};

/** One explanation for every finding, and for the ways in which functions are named. */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  "five-percent": explained(SERVICE, FIVE_PERCENT),
  "n-plus-one": explained(SERVICE, N_PLUS_ONE),
  "pretty-json": explained(SERVICE, PRETTY_JSON),
  "calls-alone": explained(SERVICE, N_PLUS_ONE, { samples: false }),
  waiting: explained(SERVICE, WAITING),
  "costlier-calls": explained(SERVICE, COSTLIER, { launch: 0.005 }),
  nothing: explained(SERVICE, SERVICE),
  "no-instrument": explained(SERVICE, SERVICE, {}, NONE),
  failed: explained(SERVICE, SERVICE, {}, { ...NONE, failure: "head exited with code 1 under the counter" }),
};

describe.each(Object.entries(EXPLANATIONS))("why it is slower: %s", (name, explanation) => {
  const result = sampleResult({
    verdict: "regression",
    slower: { "list users": 1.12 },
    change: (one) => ({ ...one, explanation }),
  });
  test("reads in a comment as its golden file", async () => {
    const markdown = renderMarkdown(result, { maxCharacters: 60_000 });
    const section = /\*\*Why it is slower\*\*.*?(?=\n\n\*\*Not settled)/su.exec(markdown)![0];
    await expect(`${section}\n`).toMatchFileSnapshot(`golden/explanation/${name}.md`);
  });
  test("reads in a terminal as its golden file", async () => {
    const text = renderTerminal(result, { columns: 80, palette: PLAIN });
    const section = /Why it is slower\n.*?(?=\n\nNot settled)/su.exec(text)![0];
    await expect(`${section}\n`).toMatchFileSnapshot(`golden/explanation/${name}.txt`);
  });
});

test("what is not slower has no reason, only differences", () => {
  const result = sampleResult({
    change: (one) => ({ ...one, explanation: EXPLANATIONS["five-percent"]! }),
  });
  expect(renderMarkdown(result, { maxCharacters: 60_000 })).toContain("**What it does differently**");
});
