import { describe, expect, test } from "vitest";
import { DEFAULT_GATES } from "../../src/config/defaults.js";
import type { Plan } from "../../src/model/plan.js";
import type { Block } from "../../src/model/block.js";
import { observationsFrom } from "../../src/verdict/observations-from-blocks.js";
import { judge } from "../../src/verdict/judging/judge.js";
import { concludeRun, type Conclusion } from "../../src/verdict/verdict.js";
import { madeUpBlocks, madeUpPlan, madeUpSchedule, scenarioPlan, type Behaviour } from "./made-up-run.js";

function conclude(plan: Plan, blocks: readonly Block[], today?: string): Conclusion {
  const schedule = madeUpSchedule(plan);
  const judgement = judge(observationsFrom(blocks, plan, schedule, today));
  return concludeRun({ plan, schedule, blocks, judgement, ...(today === undefined ? {} : { today }) });
}

const inHead =
  (behaviour: Behaviour) =>
  (arm: string): Behaviour =>
    arm === "head" ? behaviour : {};

const plan = madeUpPlan();
const cell = (conclusion: Conclusion, metric: string, scenario: string | null = "list users") =>
  conclusion.cells.find((one) => one.metric === metric && one.scenario === scenario)!;

test("unchanged code passes, and the reason claims no more than that", () => {
  const conclusion = conclude(plan, madeUpBlocks(plan, 12));
  expect(conclusion).toMatchObject({
    verdict: "pass",
    reason: "8 metrics are shown to be within their limits",
  });
  expect(conclusion.warnings).toEqual([]);
  expect(conclusion.cells).toHaveLength(9);
});

test("a regression is told by scenario, metric, change, limit and interval", () => {
  const conclusion = conclude(plan, madeUpBlocks(plan, 12, inHead({ cpu: 1.123 })));
  expect(conclusion.verdict).toBe("regression");
  expect(conclusion.reason).toMatch(
    /^CPU per request of `list users` is 1[12]\.\d % higher \(limit 5 %, 95 % interval 1\d\.\d % to 1\d\.\d %\)$/,
  );
  expect(cell(conclusion, "cpu")).toMatchObject({ verdict: "regressed", limit: 0.05, gated: true });
});

test("of several regressions the worst by its limit is told, and the others are counted", () => {
  const conclusion = conclude(plan, madeUpBlocks(plan, 12, inHead({ latency: 1.2, throughput: 0.6 })));
  expect(conclusion.reason).toMatch(
    /^throughput of `list users` is \d\d\.\d % lower \(limit 5 %, .*\), and 4 more metrics regressed$/,
  );
});

test("memory belongs to the service", () => {
  const blocks = madeUpBlocks(plan, 12, inHead({ memory: 1.2 }));
  expect(conclude(plan, blocks).reason).toMatch(/^memory of the service is (19|20|21)\.\d % higher/);
});

test("several candidates are told apart by name", () => {
  const three = madeUpPlan({}, "stack");
  const conclusion = conclude(
    three,
    madeUpBlocks(three, 12, (arm) => (arm === "stack" ? { cpu: 1.5 } : {})),
  );
  expect(conclusion.reason).toContain("CPU per request of `list users` in `stack` is");
});

describe("inconclusive", () => {
  const noisy = madeUpBlocks(plan, 40, () => ({}), 0.12);

  test("says where it may lie, what would have been found, and what budget would settle it", () => {
    const conclusion = conclude(plan, noisy);
    expect(conclusion.verdict).toBe("inconclusive");
    expect(conclusion.reason).toMatch(
      /^after 40 blocks neither a regression nor staying within the limit is shown for [^(]* of `list users` \(/,
    );
    expect(conclusion.reason).toMatch(
      /95 % interval of its change -?\d.* %; a worsening of \d+\.\d % would have been found/,
    );
    expect(conclusion.reason).toMatch(
      /a budget of about \d+ min would settle it if the noise stays as it is$/,
    );
  });

  test("after too few blocks says so without numbers that there are not", () => {
    const one = noisy.slice(0, 1);
    const schedule = madeUpSchedule(plan);
    const conclusion = concludeRun({ plan, schedule, blocks: one, judgement: null });
    expect(conclusion.verdict).toBe("inconclusive");
    expect(conclusion.reason).toContain("after 1 block");
    expect(cell(conclusion, "p50")).toMatchObject({
      verdict: "inconclusive",
      change: null,
      minimumDetectable: null,
    });
    expect(cell(conclusion, "p50").baseline).toBeGreaterThan(0);
  });

  test("with all gates off says that nothing could be shown", () => {
    const gates = Object.fromEntries(Object.keys(DEFAULT_GATES).map((metric) => [metric, null])) as never;
    const open = madeUpPlan({ scenarios: [scenarioPlan("a", { gates })], memoryGate: null });
    expect(conclude(open, madeUpBlocks(open, 12))).toMatchObject({
      verdict: "inconclusive",
      reason: "no metric is gated, so nothing could be shown",
    });
  });
});

test("a pass names what is not settled and need not be, with what would have been found", () => {
  const calm = madeUpBlocks(plan, 12);
  const random = [0.7, 1.5, 0.9, 1.3, 0.6, 1.1, 1.6, 0.8, 1.2, 0.9, 1.4, 0.7];
  const blocks = calm.map((block, i) => {
    const head = block.arms["head"]!;
    const scenario = head.scenarios["list users"]!;
    const latencyUs = { ...scenario.latencyUs!, p99: 8000 * random[i]! };
    const scenarios = { "list users": { ...scenario, latencyUs } };
    return { ...block, arms: { ...block.arms, head: { ...head, scenarios } } };
  });
  const { verdict, reason } = conclude(plan, blocks);
  expect(verdict).toBe("pass");
  expect(reason).toMatch(
    /^7 metrics are shown to be within their limits; not settled \(a pass does not wait for these\): p99 of `list users`$/,
  );
});

describe("overload", () => {
  const slow = madeUpBlocks(plan, 12, inHead({ throughput: 0.4, latency: 30 }));

  test("of head alone is a regression by throughput, and its latency carries no number", () => {
    const conclusion = conclude(plan, slow);
    expect(conclusion.verdict).toBe("regression");
    expect(conclusion.reason).toMatch(
      /^`head` can serve 2\d\d of the 300 requests\/s that `list users` is offered, and the baseline can serve 60\d|59\d$/,
    );
    for (const metric of ["p50", "p90", "p95", "p99"]) {
      expect(cell(conclusion, metric)).toMatchObject({
        verdict: "overloaded",
        change: null,
        candidate: null,
        p: null,
      });
    }
    expect(cell(conclusion, "throughput").verdict).toBe("regressed");
  });

  test("in one block of twelve is none", () => {
    const once = madeUpBlocks(plan, 12, (arm, block) =>
      arm === "head" && block === 4 ? { throughput: 0.4 } : {},
    );
    expect(cell(conclude(plan, once), "p50").verdict).toBe("unchanged");
  });

  test("of both arms is nobody's regression: the rate is too high, and nothing passes by it", () => {
    const both = madeUpBlocks(plan, 12, (arm) => ({ throughput: 0.4, latency: arm === "head" ? 40 : 30 }));
    const conclusion = conclude(plan, both);
    expect(conclusion.verdict).toBe("inconclusive");
    expect(cell(conclusion, "p50")).toMatchObject({ verdict: "unavailable", gated: false, change: null });
    expect(conclusion.warnings.map(({ code }) => code)).toContain("rate-above-capacity");
  });
});

describe("answers that fail", () => {
  test("where the baseline's do not are a regression, and nothing looks faster by it", () => {
    const broken = inHead({ errors: 0.9, latency: 0.1, throughput: 5, cpu: 0.1 });
    const conclusion = conclude(plan, madeUpBlocks(plan, 12, broken));
    expect(conclusion.verdict).toBe("regression");
    expect(conclusion.reason).toBe(
      "requests to `list users` fail: 90.0 % in the median block, against 0 % of the baseline's",
    );
    expect(cell(conclusion, "errors")).toMatchObject({ verdict: "failing", candidate: 0.9 });
    expect(cell(conclusion, "p50")).toMatchObject({ verdict: "failing", change: null, candidate: null });
    expect(conclusion.cells.some(({ verdict }) => verdict === "improved")).toBe(false);
  });

  test("are told with their most frequent reasons", () => {
    const reasons = [
      { outcome: "status", reason: "301 to /`login`", count: 7 },
      { outcome: "timeout", reason: "no response", count: 2 },
      { outcome: "connection", reason: "it reset the connection", count: 1 },
    ] as const;
    const blocks = madeUpBlocks(plan, 12, inHead({ errors: 0.9, fields: { reasons } }));
    expect(conclude(plan, blocks).reason).toMatch(
      /^requests to `list users` fail \(most often `84 x 301 to \/'login'` and `24 x no response`\): 90\.0 %/,
    );
  });

  test("without exception leave no latency, and still are a regression", () => {
    const dead = inHead({
      errors: 1,
      fields: { latencyUs: null, throughputPerSecond: null, cpuUsPerRequest: null },
    });
    const conclusion = conclude(plan, madeUpBlocks(plan, 4, dead));
    expect(conclusion.verdict).toBe("regression");
    expect(cell(conclusion, "p95").verdict).toBe("failing");
  });

  test("in both arms make the run invalid: the expectation is wrong", () => {
    const blocks = madeUpBlocks(plan, 6, () => ({ errors: 1, fields: { latencyUs: null } }));
    expect(conclude(plan, blocks)).toMatchObject({
      verdict: "invalid",
      reason: "neither arm gave an expected response to any request of `list users`",
    });
  });

  test("in one block leave a gap that keeps the run from passing", () => {
    const blocks = madeUpBlocks(plan, 12, (arm, block) =>
      arm === "head" && block === 1 ? { errors: 1, fields: { latencyUs: null } } : {},
    );
    const conclusion = conclude(plan, blocks);
    expect(conclusion.verdict).toBe("inconclusive");
    expect(conclusion.reason).toContain("p50 of `list users` cannot be judged: head has no p50 in block 2");
    expect(conclusion.warnings.map(({ code }) => code)).toContain("gate-off");
  });
});

describe("fast because broken", () => {
  const faster = (fields: Behaviour["fields"]) =>
    conclude(plan, madeUpBlocks(plan, 12, inHead({ latency: 0.5, fields: fields! }))).warnings;

  test("is asked where an improvement comes with fewer bytes", () => {
    const [warning] = faster({ bytesPerResponse: 100 });
    expect(warning!.code).toBe("fast-because-broken");
    expect(warning!.message).toMatch(
      /^`list users` improved \(p50 by \d\d\.\d %\), but its responses are 100 bytes long where they were 500; it may be faster/,
    );
  });

  test("is asked where an improvement comes with other statuses", () => {
    const [warning] = faster({ statuses: { 200: 500, 304: 500 } });
    expect(warning!.message).toContain("50.0 % of its responses have status 200 where it was 100 %");
  });

  test("is not asked where the answers are the same", () => {
    expect(faster({})).toEqual([]);
  });
});

describe("answers that grew", () => {
  const warningsAt = (bytesPerResponse: number) =>
    conclude(plan, madeUpBlocks(plan, 12, inHead({ fields: { bytesPerResponse } }))).warnings;

  test("are named with both sizes", () => {
    expect(warningsAt(650)).toEqual([
      {
        code: "answers-grew",
        message: "`list users`: responses of head have 650 B, those of base 500 B (+30.0 %)",
      },
    ]);
  });

  test.each([550, 500, 300])("are not where they have %i bytes in place of 500", (bytes) => {
    expect(warningsAt(bytes)).toEqual([]);
  });
});

describe("an accepted slow-down", () => {
  const entry = {
    scenario: "list users",
    metric: "cpu",
    limit: 0.3,
    reason: "audit",
    until: "2026-12-31",
  } as const;
  const accepting = madeUpPlan({ accept: [entry] });
  const slower = (cpu: number) => madeUpBlocks(accepting, 12, inHead({ cpu }));

  test("does not fail the run and stays visible", () => {
    const conclusion = conclude(accepting, slower(1.2));
    expect(conclusion.verdict).toBe("pass");
    expect(conclusion.reason).toMatch(
      /; CPU per request of `list users` is (19|20|21)\.\d % higher .* and accepted until 2026-12-31$/,
    );
    expect(cell(conclusion, "cpu")).toMatchObject({ verdict: "regressed", accepted: entry });
  });

  test("fails the run beyond what was accepted", () => {
    const conclusion = conclude(accepting, slower(1.5));
    expect(conclusion.verdict).toBe("regression");
    expect(cell(conclusion, "cpu").accepted).toBeNull();
  });

  test("fails the run after its last day, and the entry is named", () => {
    const conclusion = conclude(accepting, slower(1.2), "2027-01-01");
    expect(conclusion.verdict).toBe("regression");
    expect(conclusion.warnings).toEqual([
      {
        code: "acceptance-expired",
        message:
          "the accepted slow-down of cpu of `list users` (up to 30 %, until 2026-12-31) has expired and no longer holds",
      },
    ]);
  });

  test("that is not needed is named", () => {
    expect(conclude(accepting, slower(1)).warnings.map(({ code }) => code)).toEqual(["acceptance-unused"]);
  });

  test("of something that is not there is named", () => {
    const lost = madeUpPlan({ accept: [{ ...entry, scenario: "gone" }] });
    const { warnings } = conclude(lost, madeUpBlocks(lost, 12));
    expect(warnings[0]!.message).toContain("`gone`");
    expect(warnings[0]!.message).toContain("matches nothing that is measured");
  });
});

describe("a control arm", () => {
  const controlled = madeUpPlan({}, "control");

  test("that differs makes the run inconclusive, and the reason blames nothing on head", () => {
    const blocks = madeUpBlocks(controlled, 12, (arm) => (arm === "base" ? {} : { latency: 1.3 }));
    const conclusion = conclude(controlled, blocks);
    expect(conclusion.verdict).toBe("inconclusive");
    expect(conclusion.reason).toContain("the control, a second copy of the baseline, differs from it");
  });

  test("that agrees leaves the verdict to head", () => {
    expect(conclude(controlled, madeUpBlocks(controlled, 12)).verdict).toBe("pass");
    expect(conclude(controlled, madeUpBlocks(controlled, 12, inHead({ latency: 1.3 }))).verdict).toBe(
      "regression",
    );
  });
});

describe("without a baseline", () => {
  const without = (blocks: readonly Block[], ...names: string[]): Block[] =>
    blocks.map((block) => {
      const base = block.arms["base"]!;
      const scenarios = Object.fromEntries(
        Object.entries(base.scenarios).filter(([name]) => !names.includes(name)),
      );
      return { ...block, arms: { ...block.arms, base: { ...base, scenarios } } };
    });

  test("for any scenario the run has no baseline, and head's numbers are shown", () => {
    const conclusion = conclude(plan, without(madeUpBlocks(plan, 6), "list users"));
    expect(conclusion.verdict).toBe("no-baseline");
    expect(cell(conclusion, "p50")).toMatchObject({ verdict: "no-baseline", baseline: null, gated: false });
    expect(cell(conclusion, "p50").candidate).toBeGreaterThan(0);
  });

  test("for one scenario the others are still judged", () => {
    const two = madeUpPlan({ scenarios: [scenarioPlan("old"), scenarioPlan("new")] });
    const conclusion = conclude(two, without(madeUpBlocks(two, 12), "new"));
    expect(conclusion.verdict).toBe("pass");
    expect(cell(conclusion, "p50", "new").verdict).toBe("no-baseline");
    expect(cell(conclusion, "p50", "old").verdict).toBe("unchanged");
  });
});

test("a gate on what cannot be measured is off, not passed, and a warning says so", () => {
  const blocks = madeUpBlocks(plan, 12, () => ({ fields: { cpuUsPerRequest: null } }));
  const conclusion = conclude(plan, blocks);
  expect(conclusion.verdict).toBe("pass");
  expect(cell(conclusion, "cpu")).toMatchObject({ verdict: "unavailable", gated: false, limit: 0.05 });
  expect(conclusion.warnings).toEqual([
    {
      code: "gate-off",
      message:
        "CPU per request of `list users` is not gated, because the CPU time of the services cannot be read here",
    },
  ]);
});

test("a reason is one line, whatever a scenario is called", () => {
  const odd = madeUpPlan({ scenarios: [scenarioPlan("a`b\n\u202e| <!-- -->")] });
  const { reason } = conclude(odd, madeUpBlocks(odd, 12, inHead({ cpu: 1.5 })));
  expect(reason).toContain("`a'b | <!-- -->`");
  expect(reason).not.toContain("\n");
});
