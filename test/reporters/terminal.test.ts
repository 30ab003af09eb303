import { createColors } from "picocolors";
import { describe, expect, test } from "vitest";
import { PLAIN } from "../../src/reporters/terminal/palette.js";
import { renderTerminal } from "../../src/reporters/terminal/report-terminal.js";
import { columnsOf } from "../../src/reporters/terminal/width.js";
import { sampleResult } from "./sample-result.js";
import { SAMPLES } from "./samples.js";

describe.each(Object.keys(SAMPLES))("in a terminal: %s", (name) => {
  test.each([80, 120])("at %i columns it reads as its golden file", async (columns) => {
    const text = renderTerminal(SAMPLES[name]!(), { columns, palette: PLAIN });
    await expect(text).toMatchFileSnapshot(`golden/terminal/${name}-${columns}.txt`);
  });

  test.each([40, 60, 80, 100, 120, 200])("at %i columns no line but the command is wider", (columns) => {
    const lines = renderTerminal(SAMPLES[name]!(), { columns, palette: PLAIN }).split("\n");
    for (const line of lines.filter((one) => !one.startsWith("Again: "))) {
      expect(columnsOf(line), line).toBeLessThanOrEqual(columns);
    }
  });

  test("nothing from outside can move the cursor or colour the terminal", () => {
    const text = renderTerminal(SAMPLES[name]!(), { columns: 80, palette: PLAIN });
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    const moving = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u;
    expect(text).not.toMatch(moving);
  });
});

test("colours change nothing but colour", () => {
  const coloured = renderTerminal(SAMPLES["regression"]!(), { columns: 80, palette: createColors(true) });
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  const bare = coloured.replace(/\u001b\[\d+m/gu, "");
  expect(bare).toBe(renderTerminal(SAMPLES["regression"]!(), { columns: 80, palette: PLAIN }));
  expect(coloured).toContain("\u001b[31m");
});

test("two hundred scenarios show what needs attention and count the rest", () => {
  const scenarios = Array.from({ length: 200 }, (_, index) => `scenario ${index}`);
  const text = renderTerminal(
    sampleResult({ verdict: "regression", scenarios, blocks: 6, slower: { "scenario 150": 1.5 } }),
    { columns: 80, palette: PLAIN },
  );
  expect(text.split("\n").length).toBeLessThan(120);
  expect(text).toContain("scenario 150");
  expect(text).toMatch(/\d+ rows are not shown here/u);
});
