import type { ArmPlan, Plan } from "../model/plan.js";
import { TailgateError } from "../error.js";
import { maximumBlocks } from "../experiment/load-size.js";
import type { Schedule } from "../model/schedule.js";
import { plannedLooks } from "../stats/alpha-spending.js";

/** Fewest copies that give a pair, and the most that one machine is asked to run side by side. */
export const FEWEST_COPIES = 2;
export const MOST_COPIES = 8;

/** Names of the arms that run the same commit. */
export function copyNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `copy-${index + 1}`);
}

/**
 * The plan that a calibration judges by: base against head, as a run would have it, without a control.
 *
 * @throws TailgateError "config" where whole stacks or deployments are compared, which have no base commit
 */
export function judgedPlan(plan: Plan): Plan {
  const base = plan.arms.find((arm) => arm.role === "base");
  if (base === undefined || plan.deployments !== undefined) {
    const what = base === undefined ? "whole stacks" : "services that run elsewhere";
    throw new TailgateError(
      "config",
      `The configuration compares ${what}: there is no base commit to measure against itself.`,
      "Name a configuration of one service with `--config`.",
    );
  }
  return {
    ...plan,
    arms: [base, { ...base, name: "head", role: "head" }],
    scenarios: plan.scenarios.map((scenario) => ({ ...scenario, newInHead: false })),
    // What somebody accepted for a pull request says nothing of this machine.
    accept: [],
    notes: [],
  };
}

/** The plan by which blocks are made: every copy and every known change as an arm of its own. */
export function measuredPlan(judged: Plan, copies: readonly string[], changes: readonly string[]): Plan {
  const base = judged.arms[0]!;
  const arm = (name: string, role: ArmPlan["role"]): ArmPlan => ({ ...base, name, role });
  return {
    ...judged,
    baseline: copies[0]!,
    arms: [
      ...copies.map((name, index) => arm(name, index === 0 ? "base" : "control")),
      ...changes.map((name) => arm(name, "head")),
    ],
  };
}

/**
 * The pilot's schedule of two copies, as one of `base` and `head`. A calibration measures all scenarios in every block, so
 * no more fit the budget than of the full length.
 */
export function judgedSchedule(
  schedule: Schedule,
  [base, head]: readonly [string, string],
  budgetMs: number,
): Schedule {
  const whole = maximumBlocks(budgetMs - schedule.pilotMs, schedule.estimatedBlockMs);
  const blocks = Math.min(schedule.maximumBlocks, whole);
  return {
    ...schedule,
    maximumBlocks: blocks,
    looks: plannedLooks(blocks),
    loads: schedule.loads.map((load) => ({
      ...load,
      arms: ["base", "head"],
      capacityPerSecond: {
        base: load.capacityPerSecond[base] ?? null,
        head: load.capacityPerSecond[head] ?? null,
      },
    })),
  };
}

/** The schedule by which blocks are made: the same load for all arms. */
export function measuredSchedule(schedule: Schedule, arms: readonly string[]): Schedule {
  return {
    ...schedule,
    loads: schedule.loads.map((load) => ({
      ...load,
      arms,
      capacityPerSecond: Object.fromEntries(arms.map((arm) => [arm, load.capacityPerSecond["base"] ?? null])),
    })),
  };
}
