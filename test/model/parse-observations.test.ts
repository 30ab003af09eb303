import { describe, expect, test } from "vitest";
import { TailgateError } from "../../src/error.js";
import { observationsFrom } from "../../src/verdict/observations-from-blocks.js";
import { judge } from "../../src/verdict/judging/judge.js";
import { parseObservations } from "../../src/model/parse-observations.js";
import { madeUpBlocks, madeUpPlan, madeUpSchedule } from "../verdict/made-up-run.js";

const CELL = {
  scenario: "list users",
  metric: "p99",
  unit: "us",
  worse: "higher",
  limit: 0.15,
  scale: "log",
  values: { base: [1, 2, 3, 4, 5, 6], head: [1, 2, 3, 4, 5, 6] },
};
const DOCUMENT = { schema: "tailgate/observations@1", baseline: "base", cells: [CELL] };

const withCell = (changes: object) => ({ ...DOCUMENT, cells: [{ ...CELL, ...changes }] });
const withValues = (values: unknown) => withCell({ values });
const head = (...row: unknown[]) => withValues({ base: [1, 2, 3], head: row });

test("fields that may be left out are filled in", () => {
  expect(parseObservations(DOCUMENT)).toEqual({
    schema: "tailgate/observations@1",
    baseline: "base",
    control: null,
    alpha: 0.01,
    looks: [],
    seed: 1,
    strict: false,
    cells: [{ ...CELL, floor: 0, gated: true, proof: true, accepted: null }],
  });
});

test("fields that are given are kept", () => {
  const full = {
    ...DOCUMENT,
    alpha: 0.05,
    looks: [12, 20],
    seed: 7,
    strict: true,
    cells: [{ ...CELL, floor: 500, gated: false, proof: false, accepted: 0.3 }],
  };
  expect(parseObservations(full)).toMatchObject(full);
});

test("an arm named control is the control, unless it is said otherwise", () => {
  const values = { base: [1, 2], head: [1, 2], control: [1, 2], twin: [1, 2] };
  expect(parseObservations(withValues(values)).control).toBe("control");
  expect(parseObservations({ ...withValues(values), control: "twin" }).control).toBe("twin");
  expect(parseObservations({ ...withValues(values), control: null }).control).toBeNull();
});

test("an arm may have any name, even one that objects have by themselves", () => {
  const document = JSON.parse(
    JSON.stringify(DOCUMENT).replaceAll('"base"', '"__proto__"').replaceAll('"head"', '"constructor"'),
  ) as unknown;
  const judgement = judge(parseObservations(document));
  expect(judgement.cells).toHaveLength(1);
  expect(judgement.cells[0]).toMatchObject({ arm: "constructor", change: 0 });
});

describe("a refusal names what is wrong and where", () => {
  test.each<[string, unknown, string]>([
    ["a list", [], "not a JSON object"],
    ["nothing", null, "not a JSON object"],
    ["a text", "hello", "not a JSON object"],
    ["no schema", { baseline: "base" }, "schema is missing"],
    ["another schema", { ...DOCUMENT, schema: "tailgate/observations@2" }, "tailgate/observations@2"],
    ["no baseline", { ...DOCUMENT, baseline: undefined }, '"baseline" is missing'],
    ["no cells", { ...DOCUMENT, cells: [] }, "one cell or more"],
    ["cells that are none", { ...DOCUMENT, cells: [7] }, "cell 1 is not an object"],
    ["alpha 0", { ...DOCUMENT, alpha: 0 }, '"alpha" is 0'],
    ["alpha 0.5", { ...DOCUMENT, alpha: 0.5 }, '"alpha" is 0.5'],
    ["alpha 5", { ...DOCUMENT, alpha: 5 }, '"alpha" is 5'],
    ["alpha as text", { ...DOCUMENT, alpha: "0.05" }, '"alpha" is `"0.05"`'],
    ["a broken seed", { ...DOCUMENT, seed: 1.5 }, '"seed" is 1.5'],
    ["falling looks", { ...DOCUMENT, looks: [20, 12] }, "rising whole numbers"],
    ["looks that are none", { ...DOCUMENT, looks: "12" }, "rising whole numbers"],
    ["a look at three blocks", { ...DOCUMENT, looks: [3] }, '"looks" holds 3, but with fewer than 6 blocks'],
    ["an unknown control", { ...DOCUMENT, control: "nobody" }, '"control" is `"nobody"`'],
    ["the baseline as control", { ...DOCUMENT, control: "base" }, '"control" is `"base"`'],
    ["yes for a boolean", { ...DOCUMENT, strict: "yes" }, '"strict" is `"yes"`'],
    ["no metric", withCell({ metric: undefined }), 'cell 1: "metric" is missing'],
    ["a scenario of 5", withCell({ scenario: 5 }), 'cell 1 (`p99`): "scenario" is 5, but has to be text'],
    ["no direction", withCell({ worse: "slower" }), '`list users` `p99`): "worse" is `"slower"`'],
    ["an unknown scale", withCell({ scale: "linear" }), '"scale" is `"linear"`'],
    ["a limit of 0", withCell({ limit: 0 }), '`list users` `p99`): "limit" is 0'],
    ["a limit of 1000 %", withCell({ limit: 10 }), '`list users` `p99`): "limit" is 10'],
    ["a negative limit", withCell({ limit: -0.05 }), '"limit" is -0.05'],
    ["no limit", withCell({ limit: undefined }), '"limit" is missing'],
    [
      "a fall by all",
      withCell({ worse: "lower", limit: 1 }),
      '"limit" is 1, but has to be below 1: nothing can fall by all of itself',
    ],
    ["a negative floor", withCell({ floor: -1 }), '"floor" is -1'],
    ["a negative acceptance", withCell({ accepted: -0.1 }), '"accepted" is -0.1'],
    ["gated as text", withCell({ gated: "true" }), '"gated" is `"true"`'],
    [
      "no values",
      withValues(undefined),
      '"values" is missing, but has to be an object that holds a list of numbers',
    ],
    ["no baseline values", withValues({ head: [1, 2, 3] }), "has no values for the baseline `base`"],
    ["no other arm", withValues({ base: [1, 2, 3] }), "has no arm to compare"],
    ["a baseline that is no list", withValues({ base: null, head: [1] }), "the values of `base` are no list"],
    ["an arm that is no list", withValues({ base: [1, 2], head: "1" }), "the values of `head` are no list"],
    ["no block", withValues({ base: [], head: [] }), "has no block"],
    ["one block", withValues({ base: [1], head: [1] }), "has one block"],
    ["a missing block", head(1, 2), "has 2 blocks of `head` where the baseline has 3"],
    ["null for a block", head(1, null, 3), "`head`, block 2: `null` is not a finite number"],
    ["NaN", head(1, NaN, 3), "`head`, block 2: NaN is not a finite number"],
    ["infinity", head(1, 2, JSON.parse("1e999")), "`head`, block 3: Infinity is not a finite number"],
    ["zero", head(0, 2, 3), "`list users` `p99`), `head`, block 1: 0 has no ratio"],
    ["a negative value", head(1, -2, 3), "block 2: -2 has no ratio"],
    ["a text for a number", head(1, "2", 3), 'block 2: `"2"` is not a finite number'],
    [
      "a share above 1",
      withCell({ scale: "difference", unit: "share", values: { base: [0, 0], head: [0, 1.5] } }),
      "block 2: 1.5 is not a share",
    ],
    [
      "the same cell twice",
      { ...DOCUMENT, cells: [CELL, CELL] },
      "cell 2 (`list users` `p99`) is there twice",
    ],
    [
      "cells of different length",
      { ...DOCUMENT, cells: [CELL, { ...CELL, metric: "p50", values: { base: [1, 2], head: [1, 2] } }] },
      "cell 2 (`list users` `p50`) has 2 blocks where cell 1 has 6",
    ],
    [
      "a million blocks",
      withValues({ base: Array<number>(1e6).fill(1), head: Array<number>(1e6).fill(1) }),
      "`list users` `p99`) has 1000000 blocks",
    ],
    [
      "a million values",
      {
        ...DOCUMENT,
        cells: Array.from({ length: 60 }, (_, i) => ({
          ...CELL,
          metric: `m${i}`,
          values: { base: Array<number>(9000).fill(1), head: Array<number>(9000).fill(1) },
        })),
      },
      "more than 1000000 values",
    ],
    [
      "a million cells that are none",
      { ...DOCUMENT, cells: Array<number>(1e6).fill(7) },
      '"cells" is a list, but cannot hold more than 250000',
    ],
    ["a name that would end its code span", withCell({ scenario: "a`b\n<c>", limit: 0 }), "`a'b <c>`"],
  ])("%s", (_name, document, message) => {
    expect(() => parseObservations(document)).toThrow(TailgateError);
    expect(() => parseObservations(document)).toThrow(message);
  });
});

test("the observations of a run are judged from their file as they were in the run", () => {
  const plan = madeUpPlan(
    { accept: [{ scenario: null, metric: "cpu", limit: 0.3, reason: "audit", until: "2026-12-31" }] },
    "control",
  );
  const blocks = madeUpBlocks(plan, 12, (arm) => (arm === "head" ? { cpu: 1.2 } : {}));
  const written = observationsFrom(blocks, plan, madeUpSchedule(plan));
  const read = parseObservations(JSON.parse(JSON.stringify(written)));
  expect(read).toEqual(written);
  expect(judge(read)).toEqual(judge(written));
});

test("values that are all equal are no error: nothing has changed", () => {
  const equal = Array<number>(12).fill(5);
  const judgement = judge(parseObservations(withValues({ base: equal, head: equal })));
  expect(judgement).toMatchObject({ verdict: "pass", look: 12 });
  expect(judgement.cells[0]).toMatchObject({ change: 0, verdict: "unchanged" });
});
