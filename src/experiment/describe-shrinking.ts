import { SCENARIO_METRICS } from "../metrics/metrics.js";
import { loadOf, shareOfLoad } from "../model/mix.js";
import type { Plan } from "../model/plan.js";
import type { FixedLoad } from "../model/schedule.js";
import { formatDuration } from "../text/format-quantity.js";
import type { FittedBlocks } from "./fit-budget.js";

/** How many scenarios a note names before it counts the rest. */
const NAMED = 3;

/** What had to give so that the budget is kept: fewer requests, and the percentiles that are only shown by that. */
export function describeShrinking(plan: Plan, planned: readonly FixedLoad[], fitted: FittedBlocks): string[] {
  const shorter = fitted.loads.filter((load, index) => load.requests < planned[index]!.requests);
  if (shorter.length === 0) return [];
  const counts = shorter.map((load) => load.requests);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const lost = SCENARIO_METRICS.filter((metric) =>
    plan.scenarios.some((scenario) => {
      if (scenario.mix !== undefined) return false;
      const load = loadOf(plan, scenario.name);
      const needed = metric.fewestRequests / shareOfLoad(plan, scenario);
      const before = planned.find((one) => one.scenario === load)!.requests;
      const after = shorter.find((one) => one.scenario === load)?.requests ?? Infinity;
      return scenario.gates[metric.name] !== null && before >= needed && after < needed;
    }),
  ).map(({ label }) => label);
  const only =
    lost.length === 0 ? "" : `; ${lost.join(", ")} ${lost.length === 1 ? "is" : "are"} only shown then`;
  return [
    `The budget of ${formatDuration(plan.experiment.budgetMs * 1000)} does not hold blocks of the planned length: ` +
      `${named(shorter)} ${shorter.length === 1 ? "gets" : "get"} ${least === most ? least : `${least} to ${most}`} requests per arm and block${only}.`,
  ];
}

function named(loads: readonly FixedLoad[]): string {
  const names = loads.slice(0, NAMED).map(({ scenario }) => `\`${scenario}\``);
  const rest = loads.length - NAMED;
  return `${names.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
