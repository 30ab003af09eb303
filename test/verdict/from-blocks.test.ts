import { describe, expect, test } from "vitest";
import { p50 } from "../../src/metrics/latency.js";
import { DEFAULT_GATES, DEFAULT_LOAD } from "../../src/config/defaults.js";
import { measuredFrom, observationsFrom } from "../../src/verdict/observations-from-blocks.js";
import { madeUpBlocks, madeUpPlan, madeUpSchedule, scenarioPlan } from "./made-up-run.js";

const plan = madeUpPlan();
const schedule = madeUpSchedule(plan);

test("every gated metric becomes a cell with one value a block and arm", () => {
  const blocks = madeUpBlocks(plan, 3);
  const { cells, ...frame } = observationsFrom(blocks, plan, schedule);
  expect(frame).toMatchObject({
    baseline: "base",
    control: null,
    alpha: 0.05,
    looks: [12, 20, 30, 40],
    seed: 1,
  });
  expect(
    cells.map(({ scenario, metric, unit, worse, scale }) => [scenario, metric, unit, worse, scale]),
  ).toEqual([
    ["list users", "p50", "us", "higher", "log"],
    ["list users", "p90", "us", "higher", "log"],
    ["list users", "p95", "us", "higher", "log"],
    ["list users", "p99", "us", "higher", "log"],
    ["list users", "throughput", "requests/s", "lower", "log"],
    ["list users", "cpu", "us/request", "higher", "log"],
    ["list users", "errors", "share", "higher", "difference"],
    ["list users", "size", "bytes", "higher", "log"],
    [null, "memory", "bytes", "higher", "log"],
  ]);
  const medians = blocks.map((block) => block.arms["head"]!.scenarios["list users"]!.latencyUs!.p50);
  expect(cells[0]!.values["head"]).toEqual(medians);
  expect(cells[0]).toMatchObject({
    limit: p50.gate.limit,
    floor: p50.gate.floor,
    proof: true,
  });
  expect(cells[3]).toMatchObject({ metric: "p99", proof: false, gated: true });
});

test("errors are a share of the requests that were sent", () => {
  const blocks = madeUpBlocks(plan, 2, (arm) => ({ errors: arm === "head" ? 0.02 : 0 }));
  const errors = observationsFrom(blocks, plan, schedule).cells.find(({ metric }) => metric === "errors")!;
  expect(errors.values).toEqual({ base: [0, 0], head: [0.02, 0.02] });
});

test("blocks that could not be trusted are left out", () => {
  const [first, second] = madeUpBlocks(plan, 2);
  const gone = { ...first!, distrust: [{ kind: "arm-gone", arm: "head", reason: "it ended" } as const] };
  expect(observationsFrom([gone, second!], plan, schedule).cells[0]!.values["base"]).toHaveLength(1);
});

test.each([
  [19, []],
  [20, ["p50"]],
  [199, ["p50", "p90"]],
  [999, ["p50", "p90", "p95"]],
  [1000, ["p50", "p90", "p95", "p99"]],
])("with %i requests an arm and block these quantiles are gated: %j", (requests, gated) => {
  const few = madeUpPlan({ scenarios: [scenarioPlan("a", { load: { ...DEFAULT_LOAD, requests } })] });
  const { cells } = observationsFrom(madeUpBlocks(few, 2), few, madeUpSchedule(few));
  const quantiles = cells.filter((cell) => cell.metric.startsWith("p") && cell.gated);
  expect(quantiles.map(({ metric }) => metric)).toEqual(gated);
});

test("requests that failed still count towards gating p99", () => {
  const blocks = madeUpBlocks(plan, 2, () => ({ errors: 0.5 }));
  expect(observationsFrom(blocks, plan, schedule).cells.find(({ metric }) => metric === "p99")!.gated).toBe(
    true,
  );
});

test("a metric without a gate is observed and not gated", () => {
  const open = madeUpPlan({ scenarios: [scenarioPlan("a", { gates: { ...DEFAULT_GATES, cpu: null } })] });
  const cells = observationsFrom(madeUpBlocks(open, 2), open, madeUpSchedule(open)).cells;
  expect(cells.find(({ metric }) => metric === "cpu")).toMatchObject({ gated: false });
});

describe("what cannot be judged is set aside with its reason", () => {
  test("CPU and memory that cannot be read", () => {
    const blocks = madeUpBlocks(plan, 2, () => ({
      fields: { cpuUsPerRequest: null },
      arm: { peakResidentBytes: null },
    })).map((block) => block);
    const { setAside, observations } = measuredFrom(blocks, plan, schedule);
    expect(observations.cells.some(({ metric }) => metric === "cpu")).toBe(false);
    expect(setAside).toMatchObject([
      { metric: "cpu", kind: "unavailable", because: "the CPU time of the services cannot be read here" },
      { scenario: null, metric: "memory", kind: "unavailable" },
    ]);
  });

  test("a block in which one arm answered nothing", () => {
    const blocks = madeUpBlocks(plan, 3, (arm, block) =>
      arm === "head" && block === 1 ? { errors: 1, fields: { latencyUs: null } } : {},
    );
    const { setAside } = measuredFrom(blocks, plan, schedule);
    expect(setAside.map(({ metric }) => metric)).toEqual(["p50", "p90", "p95", "p99"]);
    expect(setAside[0]).toMatchObject({ kind: "lost", because: "head has no p50 in block 2" });
    expect(setAside[0]!.candidate).toBeGreaterThan(0);
  });

  test("a scenario that the baseline does not have, by itself", () => {
    const two = madeUpPlan({ scenarios: [scenarioPlan("old"), scenarioPlan("new")] });
    const blocks = madeUpBlocks(two, 2).map((block) => {
      const { old } = block.arms["base"]!.scenarios;
      const scenarios = { old: old! };
      return { ...block, arms: { ...block.arms, base: { ...block.arms["base"]!, scenarios } } };
    });
    const { setAside, observations } = measuredFrom(blocks, two, madeUpSchedule(two));
    expect(new Set(setAside.map(({ scenario, kind }) => `${scenario ?? ""} ${kind}`))).toEqual(
      new Set(["new no-baseline"]),
    );
    expect(observations.cells.some(({ scenario }) => scenario === "old")).toBe(true);
    expect(observations.cells.some(({ scenario }) => scenario === "new")).toBe(false);
  });

  test("a scenario named as what every object inherits is looked up by its own name only", () => {
    const odd = madeUpPlan({ scenarios: [scenarioPlan("constructor")] });
    const blocks = madeUpBlocks(odd, 2).map((block) => ({
      ...block,
      arms: { ...block.arms, base: { ...block.arms["base"]!, scenarios: {} } },
    }));
    const { setAside } = measuredFrom(blocks, odd, madeUpSchedule(odd));
    expect(setAside[0]).toMatchObject({ scenario: "constructor", kind: "no-baseline" });
  });
});

describe("an accepted slow-down", () => {
  const accept = {
    scenario: "list users",
    metric: "p50",
    limit: 0.3,
    reason: "audit",
    until: "2026-11-20",
  } as const;
  const accepted = (entry: object, today?: string) => {
    const with_ = madeUpPlan({ accept: [{ ...accept, ...entry }] });
    return observationsFrom(madeUpBlocks(with_, 2), with_, schedule, today).cells[0]!.accepted;
  };

  test("holds through its last day, looked up on the day of the first block", () => {
    expect(accepted({})).toBe(0.3);
    expect(accepted({}, "2026-11-20")).toBe(0.3);
    expect(accepted({}, "2026-11-21")).toBeNull();
  });

  test("speaks of its own metric and scenario, or of all scenarios without one", () => {
    expect(accepted({ metric: "p90" })).toBeNull();
    expect(accepted({ scenario: "other" })).toBeNull();
    expect(accepted({ scenario: null })).toBe(0.3);
  });
});
