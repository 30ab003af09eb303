import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chainSince, directSince } from "../../src/history/chain.js";
import { orderFromLines } from "../../src/history/commit-order.js";
import { creepOf } from "../../src/history/creep.js";
import { linesOfResult } from "../../src/history/lines-of-result.js";
import { describePassedOver, readHistoryLines } from "../../src/history/read-lines.js";
import { filterLines, seriesOf, type HistorySeries } from "../../src/history/series.js";
import { historyLineSchema, type HistoryLine } from "../../src/model/history-line.js";
import { creepSentence } from "../../src/reporters/history/creep-text.js";
import { sampleResult } from "../reporters/sample-result.js";
import { SAMPLES } from "../reporters/samples.js";
import { line, order, sha } from "./made-up-history.js";

const written = (one: unknown): string => JSON.stringify(one);
const only = (lines: readonly HistoryLine[]): HistorySeries => {
  const [series, ...others] = seriesOf(lines);
  expect(others).toEqual([]);
  return series!;
};

describe("what the history keeps of a run", () => {
  test("a line for each scenario and metric of head, valid by the published schema", () => {
    const result = sampleResult();
    const lines = linesOfResult(result);
    expect(lines.length).toBe(result.cells.length);
    for (const one of lines) expect(historyLineSchema.parse(one)).toEqual(one);
    expect(readHistoryLines(lines.map(written).join("\n")).lines).toHaveLength(lines.length);
  });

  test("whole stacks and uncommitted changes give no line", () => {
    expect(linesOfResult(SAMPLES["stacks"]!())).toEqual([]);
    const result = sampleResult();
    const dirty = result.arms.map((arm) => ({
      ...arm,
      revision: { sha: "1", label: "work tree", dirty: true },
    }));
    expect(linesOfResult({ ...result, arms: dirty })).toEqual([]);
  });
});

describe("lines that anybody may have written", () => {
  test("those of a newer version, of another tool and cut off ones are counted and passed over", () => {
    const good = line(1);
    const read = readHistoryLines(
      [
        written(good),
        written({ ...good, schema: "tailgate/history@2" }),
        written({ benchmark: "other tool" }),
        "not json at all",
        written({ ...good, change: 1e300 }),
        written({ ...good, metric: "unheard of" }),
        written(good).slice(0, 90),
      ].join("\n"),
    );
    expect(read.lines).toEqual([good]);
    expect(read.passedOver).toEqual({ newer: 1, foreign: 1, damaged: 4 });
    expect(describePassedOver(read.passedOver)).toBe(
      "6 lines were passed over: 1 of a newer version of Tailgate, 1 of another tool, 4 damaged or cut off",
    );
    expect(describePassedOver({ newer: 0, foreign: 0, damaged: 0 })).toBeNull();
  });

  test("nothing that can be written is fatal", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.json(), fc.constant(written(line(1)).slice(0, 300)))),
        (texts) => {
          const { lines, passedOver } = readHistoryLines(texts.join("\n"));
          expect(
            lines.length + passedOver.newer + passedOver.foreign + passedOver.damaged,
          ).toBeLessThanOrEqual(texts.join("\n").split("\n").length);
        },
      ),
    );
  });

  test("a line that is there twice counts once, and runs come in the order in which they started", () => {
    const text = [line(3), line(1), line(3)].map(written).join("\r\n");
    expect(readHistoryLines(text).lines.map(({ head }) => head.sha)).toEqual([sha(1), sha(3)]);
  });

  test("a field called __proto__ changes nothing", () => {
    const hostile = written(line(1)).replace("{", '{"__proto__":{"verdict":"pass"},');
    expect(readHistoryLines(hostile).lines[0]!.verdict).toBe("unchanged");
    expect(({} as { verdict?: string }).verdict).toBeUndefined();
  });
});

describe("the chain of paired changes", () => {
  test("multiplies what each commit added since the release, and its interval grows by variances", () => {
    const series = only([1, 2, 3, 4].map((head) => line(head, { change: 0.02 })));
    const { links, gaps } = chainSince(series, order(4, { "v1.0.0": 2 }), sha(2));
    expect(links.map(({ line: one }) => one.head.sha)).toEqual([sha(3), sha(4)]);
    expect(gaps).toBe(0);
    const end = links.at(-1)!;
    expect(end.change).toBeCloseTo(1.02 ** 2 - 1, 12);
    const half = (Math.log1p(links[0]!.high) - Math.log1p(links[0]!.low)) / 2;
    expect((Math.log1p(end.high) - Math.log1p(end.low)) / 2).toBeCloseTo(half * Math.SQRT2, 12);
  });

  test("adds differences of shares instead of multiplying them", () => {
    const errors = { metric: "errors", unit: "share", change: 0.001, low: 0, high: 0.002 } as const;
    const series = only([1, 2, 3].map((head) => line(head, errors)));
    expect(chainSince(series, order(3), sha(0)).links.at(-1)!.change).toBeCloseTo(0.003, 12);
  });

  test("says where commits in between were not measured, and measures no stretch twice", () => {
    const series = only([
      line(2, { base: { sha: sha(0), label: "" }, change: 0.01 }),
      line(3, { change: 0.01 }),
      line(3, { base: { sha: sha(0), label: "v1.0.0" }, change: 0.5, at: line(9).at }),
      line(6, { change: 0.01 }),
    ]);
    const chain = chainSince(series, order(6), sha(0));
    expect(chain.links.map(({ line: one, afterGap }) => [one.base.sha, one.head.sha, afterGap])).toEqual([
      [sha(0), sha(2), false],
      [sha(2), sha(3), false],
      [sha(5), sha(6), true],
    ]);
    expect(chain.gaps).toBe(1);
  });

  test("of several runs of one commit the first counts, whatever a repetition found", () => {
    const series = only([line(1, { change: 0.04 }), line(1, { change: 0, at: line(5).at })]);
    expect(chainSince(series, order(1), null).links.map(({ change }) => change)[0]).toBeCloseTo(0.04, 12);
  });

  test("leaves out commits that were forced away, and runs without a number", () => {
    const series = only([
      line(1),
      line(2, { change: null, low: null, high: null, verdict: "overloaded" }),
      line(3, { head: { sha: "f".repeat(40), label: "" } }),
    ]);
    expect(chainSince(series, order(3), null).links).toHaveLength(1);
  });

  test("without a repository, runs follow one another as they were stored", () => {
    const lines = [1, 2, 3].map((head) => line(head, { change: 0.01 }));
    expect(chainSince(only(lines), orderFromLines(lines), null).links.at(-1)!.change).toBeCloseTo(
      1.01 ** 3 - 1,
      12,
    );
  });
});

describe("the creep since the release in one sentence", () => {
  const place = order(4, { "v1.2.0": 0 });

  test("goes by the newest comparison with the release itself, and chains only what came since", () => {
    const direct = line(3, {
      base: { sha: sha(0), label: "release v1.2.0" },
      change: 0.041,
      low: 0.032,
      high: 0.05,
    });
    const [third, fourth] = [line(3, { change: 0.02 }), line(4, { change: 0.01 })];
    const series = only([third, direct]);
    expect(directSince(series, place, sha(0))).toBe(direct);
    expect(creepSentence(series, creepOf(series, place))).toBe(
      "p50 of `list users`: +4.1 % [+3.2 %, +5.0 %] since `v1.2.0` (limit of one change 5 %), measured side by side at 0000000.",
    );
    const later = only([third, direct, fourth]);
    expect(creepSentence(later, creepOf(later, place))).toBe(
      "p50 of `list users`: +5.1 % [+3.8 %, +6.5 %] since `v1.2.0` (limit of one change 5 %), measured side by side at 0000000, and 1 stored run since.",
    );
  });

  test("without such a comparison it chains what is stored, and says what was not measured", () => {
    const series = only([line(1, { change: 0.01 }), line(2, { change: 0.01 }), line(4, { change: 0.01 })]);
    expect(creepSentence(series, creepOf(series, place))).toBe(
      "p50 of `list users`: +3.0 % [+1.3 %, +4.8 %] since `v1.2.0` (limit of one change 5 %), from 3 stored runs one after another, with 1 stretch of commits between them that no run measured.",
    );
  });

  test("says when nothing since the release is stored, and when there is no release", () => {
    const series = only([line(1)]);
    expect(creepSentence(series, creepOf(series, order(4, { "v2.0.0": 3 })))).toBe(
      "p50 of `list users`: no run since `v2.0.0` is stored.",
    );
    expect(creepSentence(series, creepOf(series, order(4)))).toContain("since the first stored run");
  });
});

test("filters ask for suite, scenario, metric and time", () => {
  const lines = [line(1), line(2, { suite: "api" }), line(3, { scenario: null, metric: "memory" })];
  const heads = (filter: Parameters<typeof filterLines>[1]): number[] =>
    filterLines(lines, filter).map((one) => lines.indexOf(one) + 1);
  expect(heads({})).toEqual([1, 2, 3]);
  expect(heads({ suite: "api" })).toEqual([2]);
  expect(heads({ scenario: "service" })).toEqual([3]);
  expect(heads({ metric: "p50", sinceMs: Date.parse(line(2).at) })).toEqual([2]);
});
