import type { Plan } from "../model/plan.js";
import type { FixedLoad, Schedule } from "../model/schedule.js";

/** The plan as it is announced before the first block: what is measured, how, and for how long at most. */
export function describePlan(plan: Plan, schedule: Schedule): string[] {
  const lines = schedule.loads.map((load) => describeLoad(load, plan));
  const leftMs = plan.experiment.budgetMs - schedule.pilotMs;
  const longest = formatMinutes(Math.min(leftMs, schedule.maximumBlocks * schedule.estimatedBlockMs));
  const { looks, maximumBlocks, estimatedBlockMs } = schedule;
  const blocks = `${maximumBlocks} ${maximumBlocks === 1 ? "block" : "blocks"} of about ${(estimatedBlockMs / 1000).toFixed(1)} s`;
  lines.push(
    looks.length === 0
      ? `${blocks} on each runner, ${longest}; judged once, when all shards are merged; seed ${schedule.seed}.`
      : `Up to ${blocks}, ${longest} at most; judged after ${looks.join(", ")} blocks; seed ${schedule.seed}.`,
  );
  if (!schedule.sideBySide) {
    lines.push(
      "The arms cannot run side by side (two have the same `port`): they take turns within each block, which costs precision.",
    );
  }
  if (plan.scenarios.some((scenario) => scenario.newInHead)) {
    const names = plan.scenarios.filter((scenario) => scenario.newInHead).map((scenario) => scenario.name);
    lines.push(`Only head has ${names.join(", ")}: measured on head alone.`);
  }
  return lines;
}

function describeLoad(load: FixedLoad, plan: Plan): string {
  return (
    `${load.scenario}: ${rate(load.ratePerSecond)} requests/s (${describeRate(load, plan)}), ` +
    `${load.requests} requests per arm and block in bursts of ${load.burstMs} ms.`
  );
}

function describeRate({ capacityPerSecond, rateFrom }: FixedLoad, plan: Plan): string {
  if (plan.deployments !== undefined) {
    const most = `at most ${rate(plan.deployments.maxRatePerSecond)} to a service elsewhere`;
    return rateFrom === "capped" ? most : `as configured; ${most}`;
  }
  const capacities = Object.entries(capacityPerSecond)
    .map(([arm, capacity]) => `${arm} ${capacity === null ? "not known" : rate(capacity)}`)
    .join(", ");
  const slowest = plan.arms.every((arm) => arm.role === "stack") ? "the slowest arm" : "base";
  const from = rateFrom === "auto" ? `from ${slowest}'s capacity` : "as configured";
  return `${from}; capacity: ${capacities}`;
}

function rate(perSecond: number): string {
  return perSecond >= 100 ? perSecond.toFixed(0) : perSecond.toPrecision(3);
}

function formatMinutes(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 90 ? `${seconds} s` : `${(seconds / 60).toFixed(1)} min`;
}
