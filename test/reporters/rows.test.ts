import { describe, expect, test } from "vitest";
import { notices } from "../../src/reporters/text/notices.js";
import {
  changeWithInterval,
  limitOrDash,
  shortLimitOrDash,
  valueFigure,
} from "../../src/reporters/text/figures.js";
import { cellLabel, comparison, verdictCounts, headline } from "../../src/reporters/text/headline.js";
import type { Result } from "../../src/model/result.js";
import { methodology } from "../../src/reporters/text/methodology.js";
import { groupRows, regressions } from "../../src/reporters/text/rows.js";
import type { ResultCell } from "../../src/model/result.js";
import { sampleResult } from "./sample-result.js";
import { SAMPLES } from "./samples.js";

/** A result whose cells are those given, made from its first one. */
function withCells(...cells: readonly Partial<ResultCell>[]): Result {
  const result = sampleResult({ verdict: "regression" });
  return { ...result, cells: cells.map((cell) => ({ ...result.cells[0]!, ...cell })) };
}

describe("rows", () => {
  test("every cell is in exactly one group", () => {
    for (const make of Object.values(SAMPLES)) {
      const result = make();
      const { open, unchanged, ungated, control } = groupRows(result);
      const all = [...open, ...unchanged, ...ungated, ...control];
      expect(new Set(all).size).toBe(all.length);
      expect(all).toHaveLength(result.cells.length);
    }
  });

  test("what fails comes before what is slow, before what is not known, before what is better", () => {
    const result = withCells(
      { verdict: "improved", metric: "p50" },
      { verdict: "inconclusive", metric: "p90" },
      { verdict: "regressed", metric: "p95" },
      { verdict: "overloaded", metric: "p99" },
      { verdict: "failing", metric: "errors" },
    );
    expect(groupRows(result).open.map((cell) => cell.verdict)).toEqual([
      "failing",
      "overloaded",
      "regressed",
      "inconclusive",
      "improved",
    ]);
  });

  test("an accepted regression stands after one that nobody has seen", () => {
    const accepted = { scenario: null, metric: "p50", limit: 0.5, reason: "r", until: "2030-01-01" } as const;
    const result = withCells(
      { verdict: "regressed", metric: "p50", accepted },
      { verdict: "regressed", metric: "p95" },
    );
    expect(groupRows(result).open.map((cell) => cell.metric)).toEqual(["p95", "p50"]);
    expect(regressions(result).map((cell) => cell.metric)).toEqual(["p95"]);
  });

  test("a row without a gate is no regression, however slow", () => {
    const result = withCells({ verdict: "regressed", gated: false });
    expect(regressions(result)).toEqual([]);
    expect(groupRows(result).ungated).toHaveLength(1);
  });

  test("the control's rows stay apart, even when they differ", () => {
    const result = SAMPLES["control"]!();
    const differing: Result = {
      ...result,
      cells: result.cells.map((cell) =>
        cell.arm === "control" ? { ...cell, verdict: "regressed" as const } : cell,
      ),
    };
    expect(regressions(differing)).toEqual([]);
    expect(groupRows(differing).control).toHaveLength(17);
  });
});

describe("the headline", () => {
  test.each([
    ["regression", "Regression: list users p90 +14.1 %, limit 5 %, and 4 more"],
    ["pass", "Pass: head is shown to be within all its limits"],
    ["improved", "Pass: head is shown to be within all its limits"],
    ["accepted", "Pass: head is shown to be within all its limits, apart from 5 accepted changes"],
    ["inconclusive", "Inconclusive: neither a regression nor its absence could be shown"],
    ["no-baseline", "No baseline: head was measured alone, there is nothing to compare with"],
    ["invalid", "Invalid: this run says nothing about speed"],
    ["overloaded", "Regression: head cannot serve the load of list users that base serves, and 5 more"],
    ["stacks", "Regression: express: list users p90 +13.8 %, limit 5 %, and 5 more"],
    ["control", "Pass: head is shown to be within all its limits"],
  ])("of %s", (name, said) => {
    expect(headline(SAMPLES[name]!())).toBe(said);
  });

  test("a pass with a row that was not settled claims no more than what needed proof", () => {
    const result = sampleResult({
      noise: 0.1,
      cellVerdict: (cell) => (cell.metric === "p99" ? "inconclusive" : null),
    });
    expect(headline(result)).toBe("Pass: head is shown to be within every limit that needs proof");
  });

  test("a pass without any gate claims nothing", () => {
    const result = sampleResult();
    const open: Result = { ...result, cells: result.cells.map((cell) => ({ ...cell, gated: false })) };
    expect(headline(open)).toBe("Pass: no row is gated, so nothing could fail");
  });

  test("answers that fail are named before latency", () => {
    const result = withCells({ verdict: "regressed" }, { verdict: "failing", metric: "errors" });
    expect(headline(result)).toBe(
      "Regression: head fails requests of list users that base serves, and 1 more",
    );
  });

  test("a regression without a regressed row gives the run's own reason", () => {
    expect(headline({ ...withCells(), reason: "Head answers 503." })).toBe("Regression: Head answers 503");
  });
});

test("both commits are named with what the user calls them", () => {
  const result = SAMPLES["pass"]!();
  expect(comparison(result)).toBe("head 9d4e7b1 (feature/audit) against base 1f0c2ab (merge base of main)");
  const dirty: Result = {
    ...result,
    arms: result.arms.map((arm) => ({ ...arm, revision: { ...arm.revision!, dirty: arm.name === "head" } })),
  };
  expect(comparison(dirty)).toContain("head 9d4e7b1 with uncommitted changes (feature/audit)");
  expect(comparison(SAMPLES["stacks"]!())).toBe("hono, express against fastify");
});

test("counts add up to the gated rows", () => {
  expect(verdictCounts(SAMPLES["regression"]!())).toBe(
    "5 regressed, 1 inconclusive, 9 unchanged; 2 not gated",
  );
  expect(verdictCounts(SAMPLES["accepted"]!())).toMatch(/^5 regressed but accepted/u);
  expect(verdictCounts(SAMPLES["empty"]!())).toBe("");
});

test("rows that share a reason share a line, so two hundred scenarios do not give two hundred", () => {
  const scenarios = Array.from({ length: 200 }, (_, index) => `scenario ${index}`);
  const result = sampleResult({ scenarios, blocks: 6 });
  const ungated: Result = {
    ...result,
    cells: result.cells.map((cell) =>
      cell.metric === "p99" ? { ...cell, gated: false, ungatedBecause: "too few requests" } : cell,
    ),
  };
  expect(notices(ungated).ungated).toEqual([
    "scenario 0 p99, scenario 1 p99, scenario 2 p99 and 197 more: not gated, too few requests",
  ]);
});

test("the arm is named where several candidates are compared, and only there", () => {
  const cell = { scenario: "list users", metric: "p50", arm: "hono" } as const;
  expect(cellLabel(SAMPLES["stacks"]!(), cell)).toBe("hono: list users p50");
  expect(cellLabel(SAMPLES["pass"]!(), { ...cell, arm: "head" })).toBe("list users p50");
  expect(cellLabel(SAMPLES["pass"]!(), { scenario: null, metric: "memory", arm: "head" })).toBe(
    "service memory",
  );
});

const LIMITED = { metric: "p95", unit: "us", limit: 0.075, floor: 100, effectiveLimit: 0.075 } as const;

test.each([
  [limitOrDash({ ...LIMITED, effectiveLimit: 0.075 }), "7.5 %"],
  [limitOrDash({ ...LIMITED, effectiveLimit: null }), "7.5 %"],
  [limitOrDash({ ...LIMITED, effectiveLimit: 0.1204 }), "7.5 % or 0.1 ms: 12.0 %"],
  [limitOrDash({ ...LIMITED, limit: null }), "–"],
  [shortLimitOrDash({ ...LIMITED, effectiveLimit: 0.1204 }), "12.0 %"],
  [shortLimitOrDash(LIMITED), "7.5 %"],
  [valueFigure(1234.5, "us"), "1.23 ms"],
  [valueFigure(1234.5, "us/request"), "1.23 ms"],
  [valueFigure(620.4, "requests/s"), "620/s"],
  [valueFigure(2 ** 20 * 84, "bytes"), "84 MiB"],
  [valueFigure(null, "us"), "–"],
  [changeWithInterval({ metric: "p50", change: 0.08, low: 0.06, high: 0.1 }), "+8.0 % [+6.0 %, +10.0 %]"],
  [changeWithInterval({ metric: "p50", change: 0.08, low: null, high: null }), "+8.0 %"],
  [changeWithInterval({ metric: "p50", change: null, low: null, high: null }), "–"],
])("a figure reads %s", (figure, text) => {
  expect(figure).toBe(text);
});

test("a report warns of no block that it does not count", () => {
  const result = sampleResult({ blocks: 6 });
  const [first, ...others] = result.blocks.map((block) => ({ ...block, doubts: [] }));
  const doubts = [{ kind: "generator-busy", busyShare: 0.9 } as const];
  const uncounted = {
    ...first!,
    index: 7,
    distrust: [{ kind: "queued-while-idle", requests: 4 } as const],
    doubts,
  };
  const lines = methodology({ ...result, blocks: [{ ...first!, doubts }, ...others, uncounted] });
  expect(lines.find(({ label }) => label === "Validity warnings")?.text).toMatch(/^block 1: [^;]*$/);
});

test("a report calls a block by the number that the run gave it, the first by 1", () => {
  const result = sampleResult({ blocks: 6 });
  const [first, ...others] = result.blocks;
  const refused = { ...first!, index: 1, distrust: [{ kind: "queued-while-idle", requests: 4 } as const] };
  const lines = methodology({ ...result, blocks: [refused, ...others] });
  expect(lines.find(({ label }) => label === "Blocks measured again")?.text).toMatch(/^block 1: 4 requests/);
});
