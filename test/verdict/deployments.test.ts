import { describe, expect, test } from "vitest";
import type { NetworkTime } from "../../src/metrics/measurement.js";
import type { ArmRole, Plan } from "../../src/model/plan.js";
import { judge } from "../../src/verdict/judging/judge.js";
import { observationsFrom } from "../../src/verdict/observations-from-blocks.js";
import { concludeRun, type Conclusion } from "../../src/verdict/verdict.js";
import { type Behaviour, madeUpBlocks, madeUpPlan, madeUpSchedule } from "./made-up-run.js";

function deployed(redeploy?: string, ...more: readonly ArmRole[]): Plan {
  const plan = madeUpPlan({}, ...more);
  return {
    ...plan,
    deployments: { allowedHosts: ["a.test"], maxRatePerSecond: 100 },
    arms: plan.arms.map((arm) => ({
      ...arm,
      service: {
        ...arm.service,
        deployment: { url: `http://${arm.name}.a.test`, ...(redeploy === undefined ? {} : { redeploy }) },
      },
    })),
  };
}

const way = (connectUs: number): NetworkTime => ({ connectUs, tlsUs: null, requestUs: 2 * connectUs });

/** Blocks without what cannot be measured elsewhere. */
function conclude(plan: Plan, behaviour: (arm: string) => Behaviour = () => ({})): Conclusion {
  const blocks = madeUpBlocks(plan, 20, (arm) => {
    const own = behaviour(arm);
    return {
      ...own,
      fields: { throughputPerSecond: null, cpuUsPerRequest: null, ...own.fields },
      arm: { peakResidentBytes: null, network: way(12_000), ...own.arm },
    };
  });
  const schedule = madeUpSchedule(plan, { looks: [20], maximumBlocks: 20 });
  const judgement = judge(observationsFrom(blocks, plan, schedule));
  return concludeRun({ plan, schedule, blocks, judgement });
}

const codes = ({ warnings }: Conclusion): string[] => warnings.map(({ code }) => code);

describe("a comparison of deployments", () => {
  test("passes without CPU, memory and throughput, and says that their gates are off", () => {
    const conclusion = conclude(deployed());
    expect(conclusion.verdict).toBe("pass");
    const off = conclusion.warnings.filter(({ code }) => code === "gate-off").map(({ message }) => message);
    expect(off).toEqual([
      expect.stringContaining("throughput of `list users` is not gated"),
      expect.stringContaining("CPU per request of `list users` is not gated"),
      expect.stringContaining("memory of the service is not gated"),
    ]);
    const verdicts = conclusion.cells.filter(({ metric }) =>
      ["throughput", "cpu", "memory"].includes(metric),
    );
    expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(["unavailable"]));
  });

  test("says that it holds for these deployments, unless a control or `redeploy` shows how far others differ", () => {
    expect(codes(conclude(deployed()))).toContain("these-deployments");
    expect(codes(conclude(deployed("./deploy")))).not.toContain("these-deployments");
    expect(codes(conclude(deployed(undefined, "control")))).not.toContain("these-deployments");
  });

  test("is inconclusive where the second deployment of base differs from the first as head does", () => {
    const slow = { latency: 1.3 };
    const control = conclude(deployed(undefined, "control"), (arm) => (arm === "base" ? {} : slow));
    expect(control).toMatchObject({ verdict: "inconclusive" });
    expect(control.reason).toContain("the control, a second copy of the baseline, differs");
    const head = conclude(deployed(undefined, "control"), (arm) => (arm === "head" ? slow : {}));
    expect(head.verdict).toBe("regression");
  });

  test("doubts a way that is longer to one arm by what matters to a limit, and no smaller difference", () => {
    const farther = (us: number): Conclusion =>
      conclude(deployed(), (arm) => (arm === "head" ? { arm: { network: way(us) } } : {}));
    expect(codes(farther(12_010))).not.toContain("network-differs");
    const doubt = farther(15_100).warnings.find(({ code }) => code === "network-differs")!;
    expect(doubt.message).toMatch(
      /^the way to `head` is longer than that to `base`: 15\.1 ms there and back, against 12 ms\. That is .+ % of p50 of `list users`/,
    );
  });

  test("is invalid, and no regression, where a service refuses requests for their rate", () => {
    const refused: Behaviour = {
      fields: {
        statuses: { "200": 960, "429": 40 },
        errors: { status: 40, timeout: 0, connection: 0, body: 0 },
        reasons: [{ outcome: "status", reason: "429, Retry-After 30 s", count: 40 }],
      },
    };
    const conclusion = conclude(deployed(), (arm) => (arm === "head" ? refused : {}));
    expect(conclusion.verdict).toBe("invalid");
    expect(conclusion.reason).toMatch(
      /^the service limits its rate: head gave 800 x (status )?429, Retry-After 30 s; lower `load\.rate`/,
    );
    expect(codes(conclusion)).toContain("rate-limited");
  });

  test("keeps its verdict where a single request was refused for its rate", () => {
    const one: Behaviour = {
      fields: { statuses: { "200": 999, "429": 1 } },
    };
    const conclusion = conclude(deployed(), () => one);
    expect(conclusion.verdict).toBe("pass");
    expect(codes(conclusion)).toContain("rate-limited");
  });
});
