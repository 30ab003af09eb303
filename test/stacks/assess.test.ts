import { describe, expect, test } from "vitest";
import { assess } from "../../bench/regressions/assess.js";
import { EXPECTATIONS, type Expectation, REGRESSIONS } from "../../bench/regressions/expectations.js";
import { type Outcome, expectedInWords, outcomeTable, tally } from "../../bench/regressions/table.js";
import { METRICS, type Metric } from "../../src/metrics/metrics.js";
import type { Result } from "../../src/model/result.js";
import type { CellVerdict } from "../../src/model/result.js";
import { sampleResult } from "../reporters/sample-result.js";

/** A regression in which exactly these rows have this verdict, and all others are unchanged. */
function resultWith(
  rows: Readonly<Partial<Record<Metric, CellVerdict>>>,
  verdict: Result["verdict"] = "regression",
): Result {
  return sampleResult({
    verdict,
    scenarios: ["list users"],
    blocks: 6,
    change: (result) => ({
      ...result,
      cells: result.cells.map((cell) => ({ ...cell, verdict: rows[cell.metric] ?? "unchanged" })),
    }),
  });
}

const tail: Expectation = EXPECTATIONS["slow-tail"];

describe("a regression", () => {
  test("is found with the right metrics when those show that must, and no other", () => {
    expect(assess(resultWith({ p99: "regressed" }), tail)).toMatchObject({ found: true, wrongMetrics: [] });
  });

  test.each<[string, Partial<Record<Metric, CellVerdict>>, string[]]>([
    ["the metric does not show", { p95: "regressed" }, ["p99 does not show"]],
    ["one shows that must not", { p99: "regressed", p50: "regressed" }, ["p50 shows"]],
  ])("is found by the wrong metrics when %s", (_, rows, wrongMetrics) => {
    expect(assess(resultWith(rows), tail)).toMatchObject({ found: true, wrongMetrics });
  });

  test.each(["pass", "inconclusive", "invalid", "no-baseline"] as const)("is not found by: %s", (verdict) => {
    expect(assess(resultWith({}, verdict), tail).found).toBe(false);
  });

  test("shows by overload and by failing answers as well as by a number", () => {
    const all = EXPECTATIONS["n-plus-one"].all;
    const rows = Object.fromEntries(all.map((metric) => [metric, "overloaded" as const]));
    expect(assess(resultWith(rows), EXPECTATIONS["n-plus-one"]).wrongMetrics).toEqual([]);
    expect(assess(resultWith({ errors: "failing" }), EXPECTATIONS["errors-fast"]).wrongMetrics).toEqual([]);
  });

  test("one of several is enough where one is asked for, and none is not", () => {
    expect(assess(resultWith({ p95: "regressed" }), EXPECTATIONS["pool-of-one"]).wrongMetrics).toEqual([]);
    expect(assess(resultWith({ cpu: "regressed" }), EXPECTATIONS["pool-of-one"]).wrongMetrics).toEqual([
      "none of throughput, p90, p95, p99 shows",
    ]);
  });

  test("of fast errors must not look better anywhere", () => {
    const rows = { errors: "failing", p50: "improved" } as const;
    expect(assess(resultWith(rows), EXPECTATIONS["errors-fast"]).wrongMetrics).toEqual(["p50 looks better"]);
  });

  test("a row without a gate shows nothing", () => {
    const result = resultWith({ p99: "regressed" });
    const cells = result.cells.map((cell) => ({ ...cell, gated: false }));
    expect(assess({ ...result, cells }, tail).wrongMetrics).toEqual(["p99 does not show"]);
  });
});

test("answers that grew are found by the line that says so, whatever the verdict", () => {
  const grown = (result: Result): Result => ({
    ...result,
    warnings: [{ code: "answers-grew", message: "an answer of head has 2 kB where one of base has 1 kB" }],
  });
  const expectation = EXPECTATIONS["pretty-json"];
  expect(assess(resultWith({}, "pass"), expectation).found).toBe(false);
  expect(assess(grown(resultWith({}, "pass")), expectation).found).toBe(true);
  expect(assess(grown(resultWith({ cpu: "regressed" })), expectation)).toMatchObject({
    found: true,
    wrongMetrics: [],
  });
  expect(assess(grown(resultWith({}, "invalid")), expectation).found).toBe(false);
  expect(assess(grown(resultWith({ memory: "regressed" })), expectation).wrongMetrics).toEqual([
    "memory shows",
  ]);
});

test("unchanged code may pass or stay open, and nothing else", () => {
  const found = (verdict: Result["verdict"]): boolean =>
    assess(resultWith({}, verdict), EXPECTATIONS["no-op"]).found;
  expect(
    ["pass", "inconclusive", "regression", "invalid", "no-baseline"].filter((v) => found(v as never)),
  ).toEqual(["pass", "inconclusive"]);
});

test("no expectation asks that a metric shows and that it does not", () => {
  for (const name of REGRESSIONS) {
    const { all, any, none, notBetter } = EXPECTATIONS[name] as Expectation;
    for (const metric of METRICS.filter((one) => none.includes(one))) {
      expect([...all, ...any], name).not.toContain(metric);
    }
    expect(
      notBetter.filter((metric) => all.includes(metric)),
      name,
    ).toEqual([]);
  }
});

describe("the table", () => {
  const kept = (result: Result, regression: keyof typeof EXPECTATIONS): Outcome => ({
    kind: "measured",
    trial: { stack: "fastify", regression, run: 1 },
    expectation: EXPECTATIONS[regression],
    kept: {
      trial: { stack: "fastify", regression, run: 1 },
      digest: "",
      exitCode: 1,
      wallMs: 150_000,
      result,
    },
  });

  test("says of each what was expected, what was said, and whether that is right", () => {
    const table = outcomeTable([
      kept(resultWith({ p99: "regressed" }), "slow-tail"),
      kept(resultWith({}, "inconclusive"), "leak"),
    ]);
    expect(table).toMatch(/\| fastify \| slow-tail +\| .*\| p99; not p50, CPU\/request .*\| yes +\| right/);
    expect(table).toMatch(/\| leak +\|.*\| inconclusive: .*\*\*no\*\*.*\*\*memory does not show\*\*/);
  });

  test("says why something was not measured, in one line", () => {
    const trial = { stack: "axum", regression: "leak", run: 1 };
    const table = outcomeTable([{ kind: "skipped", trial, because: "cargo is\nmissing | here" }]);
    expect(table).toContain("skipped: cargo is missing \\| here");
  });

  test("names the limit where it is not the default one", () => {
    expect(expectedInWords(EXPECTATIONS["five-percent"])).toBe(
      "CPU/request; (cpu at a limit of 3%, latency and throughput not gated)",
    );
    expect(expectedInWords(EXPECTATIONS["no-op"])).toBe("nothing");
    expect(expectedInWords(EXPECTATIONS["pretty-json"])).toBe("a line that answers grew; not memory, errors");
  });

  test("is summed up, and good only if everything is", () => {
    const good = [kept(resultWith({ p99: "regressed" }), "slow-tail"), kept(resultWith({}, "pass"), "no-op")];
    expect(tally(good)).toEqual({
      lines: ["1 of 1 regressions found, 1 with the right metrics", "1 runs of unchanged code: 1 pass"],
      good: true,
    });
    expect(tally([...good, kept(resultWith({}, "pass"), "leak")]).good).toBe(false);
    expect(tally([...good, kept(resultWith({}, "invalid"), "no-op")]).good).toBe(false);
    const trial = { stack: "axum", regression: "leak", run: 1 };
    expect(tally([...good, { kind: "broken", trial, because: "the patch does not apply" }]).good).toBe(false);
    expect(tally([...good, { kind: "skipped", trial, because: "no cargo" }]).lines).toContain(
      "1 not measured",
    );
  });
});
