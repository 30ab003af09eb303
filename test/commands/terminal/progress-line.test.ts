import { describe, expect, test } from "vitest";
import { createProgress, wantsColor } from "../../../src/commands/terminal/progress-line.js";
import type { ProgressState } from "../../../src/reporters/progress/progress.js";

const STATE: ProgressState = {
  step: "measuring",
  block: 3,
  maximumBlocks: 40,
  elapsedMs: 20_000,
  remainingMs: 240_000,
  arms: [
    { name: "base", p50Us: 1_230, p99Us: 8_100 },
    { name: "head", p50Us: 1_300, p99Us: 8_420 },
  ],
  watched: [],
};

/** A stream that keeps what was written, and a clock that stands until it is moved. */
function bench(
  isTTY: boolean,
  environment: Record<string, string> = { TERM: "xterm-256color" },
  quiet = false,
) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const stream = { isTTY, columns: 80, write: (text: string) => written.push(text) };
  const progress = createProgress({ stream, environment, quiet, now: () => clock.ms });
  return { progress, clock, written, text: () => written.join("") };
}

// eslint-disable-next-line no-control-regex -- control sequences are what is looked for
const PIECES = /\u001b\[[?\d]*[A-Za-z]|\n|\r|[^\u001b\n\r]+/gu;

/** What a terminal shows after a text with the few control sequences that are used. */
function screen(text: string): string[] {
  const lines: string[] = [""];
  let row = 0;
  for (const part of text.match(PIECES) ?? []) {
    if (part.startsWith("\u001b") && part.endsWith("A")) {
      row -= Number(part.slice(2, -1));
    } else if (part === "\u001b[J") {
      lines.length = row + 1;
      lines[row] = "";
    } else if (part === "\n") {
      row += 1;
      lines[row] ??= "";
    } else if (!part.startsWith("\u001b") && part !== "\r") {
      lines[row] = `${lines[row] ?? ""}${part}`;
    }
  }
  return lines;
}

describe("on a terminal", () => {
  test("on a terminal each state is drawn over the last one", () => {
    const { progress, clock, text } = bench(true);
    progress.update(STATE);
    clock.ms = 1_000;
    progress.update({ ...STATE, block: 4 });
    const lines = screen(text());
    expect(lines.filter((line) => line.includes("block"))).toHaveLength(1);
    expect(lines[0]).toContain("block 4 of at most 40");
  });

  test("on a terminal a note stays above the live view", () => {
    const { progress, text } = bench(true);
    progress.update(STATE);
    progress.note("warning: base is slow to start");
    const lines = screen(text());
    expect(lines[0]).toBe("warning: base is slow to start");
    expect(lines[1]).toContain("block 3");
  });

  test("the end of the live view leaves only the notes, and the cursor visible", () => {
    const { progress, text } = bench(true);
    progress.update(STATE);
    progress.note("a note");
    progress.done();
    progress.done();
    expect(screen(text())).toEqual(["a note", ""]);
    expect(text().lastIndexOf("\u001b[?25h")).toBeGreaterThan(text().lastIndexOf("\u001b[?25l"));
  });

  test("states that follow at once are drawn once, and a new block always", () => {
    const { progress, written } = bench(true);
    for (let i = 0; i < 100; i++) progress.update({ ...STATE, elapsedMs: 20_000 + i });
    expect(written).toHaveLength(1);
    progress.update({ ...STATE, block: 4 });
    expect(written).toHaveLength(2);
  });
});

describe.each([
  ["without a terminal", false, { TERM: "xterm" }],
  ["with NO_COLOR", true, { TERM: "xterm", NO_COLOR: "1" }],
  ["in CI", true, { TERM: "xterm", CI: "true" }],
  ["on a dumb terminal", true, { TERM: "dumb" }],
])("%s", (_, isTTY, environment) => {
  test("progress lines are plain, and no more than one every 15 seconds", () => {
    const { progress, clock, text } = bench(isTTY, environment);
    for (let block = 1; block <= 40; block++) {
      clock.ms = block * 1_000;
      progress.update({ ...STATE, block });
    }
    progress.note("a note");
    progress.done();
    expect(text()).not.toContain("\u001b");
    expect(
      text()
        .split("\n")
        .filter((line) => line.startsWith("measuring")),
    ).toHaveLength(3);
    expect(text()).toContain("a note\n");
  });
});

test("a quiet run says nothing", () => {
  const { progress, written } = bench(true, { TERM: "xterm" }, true);
  progress.update(STATE);
  progress.note("a note");
  progress.done();
  expect(written).toEqual([]);
});

test.each([
  ["a terminal", true, {}, true],
  ["a pipe", false, {}, false],
  ["NO_COLOR", true, { NO_COLOR: "1" }, false],
  ["an empty NO_COLOR", true, { NO_COLOR: "" }, true],
  ["FORCE_COLOR in a pipe", false, { FORCE_COLOR: "1" }, true],
  ["FORCE_COLOR=0", true, { FORCE_COLOR: "0" }, false],
  ["a dumb terminal", true, { TERM: "dumb" }, false],
])("colours are chosen as asked: %s", (_, isTTY, environment, wanted) => {
  expect(wantsColor({ isTTY }, environment)).toBe(wanted);
});
