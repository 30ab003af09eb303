import { expect, test } from "vitest";
import { observationsFrom, ungatedBecause } from "../../src/verdict/observations-from-blocks.js";
import { plannedMetrics } from "../../src/verdict/measured-metric.js";
import { judge } from "../../src/verdict/judging/judge.js";
import { concludeRun } from "../../src/verdict/verdict.js";
import { madeUpBlocks, madeUpPlan, madeUpSchedule, scenarioPlan } from "./made-up-run.js";

const plan = madeUpPlan({
  scenarios: [
    scenarioPlan("mix", { mix: { list: 95, create: 5 }, requests: [] }),
    scenarioPlan("list", { partOf: "mix" }),
    scenarioPlan("create", { partOf: "mix" }),
  ],
});
const schedule = madeUpSchedule(plan, { loads: madeUpSchedule(plan).loads.slice(0, 1) });

test("latencies, errors and size are told part by part, throughput and CPU of the whole", () => {
  const { cells } = observationsFrom(madeUpBlocks(plan, 2), plan, schedule);
  expect(cells.map(({ scenario, metric }) => `${scenario ?? "service"} ${metric}`)).toEqual([
    "mix throughput",
    "mix cpu",
    ...["list", "create"].flatMap((part) =>
      ["p50", "p90", "p95", "p99", "errors", "size"].map((metric) => `${part} ${metric}`),
    ),
    "service memory",
  ]);
});

test("a part is gated by the requests that it gets of the whole", () => {
  const reasons = plannedMetrics(plan)
    .map((planned) => [planned.scenario?.name, planned.metric.name, ungatedBecause(planned, plan, schedule)])
    .filter(([, , reason]) => reason !== null);
  expect(reasons.map(([scenario, metric]) => [scenario, metric])).toEqual([
    ["list", "p99"],
    ["create", "p90"],
    ["create", "p95"],
    ["create", "p99"],
  ]);
  expect(reasons.at(-1)![2]).toContain("50 are sent");
});

function conclude(behaviour: Parameters<typeof madeUpBlocks>[2]) {
  const blocks = madeUpBlocks(plan, 12, behaviour);
  const judgement = judge(observationsFrom(blocks, plan, schedule));
  return concludeRun({ plan, schedule, blocks, judgement });
}

test("a head that cannot serve the mix has no latency in any of its parts", () => {
  const { verdict, cells } = conclude((arm) => (arm === "head" ? { throughput: 0.01, latency: 50 } : {}));
  expect(verdict).toBe("regression");
  const latencies = cells.filter(({ metric }) => metric === "p50");
  expect(latencies.map(({ scenario, verdict, candidate }) => [scenario, verdict, candidate])).toEqual([
    ["list", "overloaded", null],
    ["create", "overloaded", null],
  ]);
});

test("a head that fails one part may not look cheaper as a whole", () => {
  const { verdict, cells } = conclude((arm, _, scenario) =>
    arm !== "head" ? {} : scenario === "create" ? { errors: 1, cpu: 0.5 } : { cpu: 0.5 },
  );
  expect(verdict).toBe("regression");
  const told = (scenario: string, metric: string) =>
    cells.find((cell) => cell.scenario === scenario && cell.metric === metric)!.verdict;
  expect([told("create", "errors"), told("mix", "cpu")]).toEqual(["failing", "failing"]);
  expect(told("list", "p50")).not.toBe("failing");
});
