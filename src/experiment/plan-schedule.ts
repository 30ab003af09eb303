import type { ArmPlan, Plan } from "../model/plan.js";
import type { ScenarioPlan } from "../model/scenario-plan.js";
import { TailgateError } from "../error.js";
import {
  autoRate,
  burstMs,
  capacityBurstMs,
  capacityRequests,
  isFarBelow,
  rateRequests,
  warmupRequests,
} from "./load-size.js";
import { describeShrinking } from "./describe-shrinking.js";
import { fitBudget, fitGroups, type FittedBlocks, type SizedLoad } from "./fit-budget.js";
import type { CapacityFinding } from "./pilot/probe-capacity.js";
import { sentLoads } from "./sent-load.js";
import type { Division } from "../model/shard.js";
import { scenariosOfShards } from "../shards/own-scenarios.js";
import { plannedLooks } from "../stats/alpha-spending.js";
import type { FixedLoad, Schedule } from "../model/schedule.js";

/** The schedule, and notes for the user on how it came about. */
export interface PlannedSchedule {
  readonly schedule: Schedule;
  readonly notes: readonly string[];
}

/** What the pilot's own launch took. */
export interface LaunchTimes {
  readonly startMs: number;
  readonly stopMs: number;
  /** All of it, with the finding of the rates. */
  readonly pilotMs: number;
  readonly sideBySide: boolean;
}

/**
 * Takes the findings of the pilot to everything that the blocks need, fixed before the first block.
 *
 * @param division - among how many runners the run is divided; `null`: one measures all, and stops when it is clear
 * @throws TailgateError "load" when no arm serves a scenario, or its fixed rate is beyond what the baseline can serve;
 *   "config" when the budget cannot give any verdict
 */
export function planSchedule(
  plan: Plan,
  arms: readonly ArmPlan[],
  findings: readonly CapacityFinding[],
  launch: LaunchTimes,
  division: Division | null = null,
): PlannedSchedule {
  const notes: string[] = [];
  const loads = sentLoads(plan.scenarios).map(({ scenario }) => {
    const own = findings.filter((finding) => finding.scenario === scenario.name);
    return fixedLoad(plan, scenario, own, arms, notes);
  });
  return { schedule: schedule(plan, loads, launch, division, notes), notes };
}

function fixedLoad(
  { baseline, deployments, scenarios }: Pick<Plan, "baseline" | "deployments" | "scenarios">,
  scenario: ScenarioPlan,
  findings: readonly CapacityFinding[],
  arms: readonly ArmPlan[],
  notes: string[],
): FixedLoad {
  const served = findings.filter((finding) => finding.served);
  if (served.length === 0) throw notServed(scenario, findings);
  const capacityOf = (arm: string): number | null =>
    served.find((finding) => finding.arm === arm)?.capacityPerSecond ?? null;

  const baselineServes = capacityOf(baseline) !== null;
  const refused = findings.find((finding) => finding.arm === baseline && !finding.served);
  if (refused && !refused.served) {
    notes.push(
      `${baseline} does not serve \`${scenario.name}\` (it gave ${refused.responses}): it has no baseline.`,
    );
  }
  // A candidate that fails where the baseline serves is measured all the same: the run has to show that.
  const measured = findings.map((finding) => finding.arm);
  const armsMeasured = baselineServes ? measured : served.map((finding) => finding.arm);

  const { pacers, slowest } = pacersOf(served, arms);
  if (scenario.load.rate !== "auto" && scenario.load.rate > slowest.capacityPerSecond) {
    throw beyondCapacity(scenario.name, scenario.load.rate, slowest.arm, slowest.capacityPerSecond);
  }

  // Of a service elsewhere the pilot knows no capacity, only a rate that it keeps up with.
  const isCapped = deployments !== undefined;
  const auto = isCapped ? slowest.capacityPerSecond : autoRate(scenario.load, slowest.capacityPerSecond);
  const ratePerSecond = scenario.load.rate === "auto" ? auto : scenario.load.rate;
  const capacities = served.map((finding) => finding.capacityPerSecond);
  const compared = arms.every((arm) => arm.role === "stack") ? "stacks" : "commits";
  const range = { fastest: Math.max(...capacities), slowest: Math.min(...capacities) };
  for (const { arm, capacityPerSecond } of served) {
    if (isFarBelow(capacityPerSecond, ratePerSecond)) {
      notes.push(
        `${arm} can serve about ${formatRate(capacityPerSecond)} of the ${formatRate(ratePerSecond)} requests/s that \`${scenario.name}\` is offered: ` +
          "blocks are shortened, because latency under such a load would only show how long they lasted.",
      );
    }
  }
  const slow = served.filter((finding) => finding.slow !== null);
  if (slow.length > 0) {
    const counts = slow.map((finding) => `${finding.arm} gave a response to ${finding.slow!}`);
    notes.push(
      `\`${scenario.name}\` is slow with ${scenario.load.connections} connections busy: ${counts.join("; ")}.`,
    );
  }
  const p50Us = Math.max(...pacers.map((finding) => finding.p50Us));
  return {
    scenario: scenario.name,
    arms: armsMeasured,
    ratePerSecond,
    rateFrom: scenario.load.rate !== "auto" ? "fixed" : isCapped ? "capped" : "auto",
    capacityPerSecond: Object.fromEntries(
      armsMeasured.map((arm) => [arm, isCapped ? null : capacityOf(arm)]),
    ),
    burstMs: burstMs(p50Us, isCapped ? null : ratePerSecond / slowest.capacityPerSecond),
    capacityBurstMs: capacityBurstMs(scenario.load.connections, slowest.capacityPerSecond),
    requests: rateRequests(scenario.load, ratePerSecond, range),
    warmupRequests: warmupRequests(scenario.load, range, sentLoads(scenarios).length),
    capacityRequests: isCapped ? 0 : capacityRequests(scenario.load, range, compared),
  };
}

type Served = CapacityFinding & { readonly served: true };

/** The arms that the load is fitted to: all but head, as far as others serve the scenario. */
function pacersOf(
  served: readonly Served[],
  arms: readonly ArmPlan[],
): { readonly pacers: readonly Served[]; readonly slowest: Served } {
  const isHead = (name: string): boolean => arms.some((arm) => arm.name === name && arm.role === "head");
  const pacing = served.filter((finding) => !isHead(finding.arm));
  const pacers = pacing.length > 0 ? pacing : served;
  return { pacers, slowest: pacers.reduce((a, b) => (a.capacityPerSecond <= b.capacityPerSecond ? a : b)) };
}

function notServed(scenario: ScenarioPlan, findings: readonly CapacityFinding[]): TailgateError {
  const responses = findings.flatMap((finding) =>
    finding.served ? [] : [`${finding.arm} gave ${finding.responses}`],
  );
  return new TailgateError(
    "load",
    `\`${scenario.name}\` got an expected response from no arm: ${responses.join("; ")}.`,
    hintFor(findings),
  );
}

/** What to change, by what came back. */
function hintFor(findings: readonly CapacityFinding[]): string {
  const given = findings.flatMap((finding) => (finding.served ? [] : [finding.responses])).join(", ");
  const all = (pattern: RegExp): boolean => given.split(/, (?=\d+ x )/).every((one) => pattern.test(one));
  if (all(/ x (no response|no end of the response|no connection was free|not sent any more)/)) {
    return "Nothing came in time: give the service longer with `load.timeout`, or fewer requests at once with `load.connections`.";
  }
  if (all(/ x (status )?429\b/)) {
    return "The service limits its rate: lower `load.rate` (or `max-rate`), or let it make an exception for this job.";
  }
  if (all(/ x (status )?(401|403)\b/)) {
    return 'It wants a login: `login` sends one first and its cookies and captured values go with every request; or send a header, `request: { headers: { authorization: "Bearer ${TOKEN}" } }`.';
  }
  if (all(/ x (status )?5\d\d\b/)) {
    return "The service fails: see the end of its log. A database may lack its tables or rows; `service.setup` makes them.";
  }
  if (all(/ x (status )?404\b/))
    return "Check the scenario's path: the service responds, and has nothing there.";
  return "Check the scenario's path, headers and body; where such a response is right, say so: `expect: { status: ... }`.";
}

function beyondCapacity(scenario: string, rate: number, arm: string, capacity: number): TailgateError {
  return new TailgateError(
    "load",
    `\`${scenario}\` is offered ${rate} requests/s, but ${arm} can serve about ${formatRate(capacity)} requests/s: ` +
      "the queue would grow for as long as the run lasts, and its latency would only show how long that was.",
    `Set \`load.rate\` to ${formatRate(capacity)} at most (half of that leaves room), or to \`auto\`.`,
  );
}

function formatRate(perSecond: number): string {
  return perSecond >= 10 ? String(Math.round(perSecond)) : perSecond.toFixed(1);
}

function schedule(
  plan: Plan,
  planned: readonly FixedLoad[],
  launch: LaunchTimes,
  division: Division | null,
  notes: string[],
): Schedule {
  const { budgetMs, alpha, seed } = plan.experiment;
  const { pilotMs } = launch;
  const sized = planned.map((load) => ({
    load,
    plan: plan.scenarios.find(({ name }) => name === load.scenario)!.load,
  }));
  const budget = { budgetMs, pilotMs, overheadMs: launch.startMs + launch.stopMs, alpha };
  const fitted =
    division === null ? fitBudget(sized, budget, notes) : fitShards(plan, sized, budget, division, notes);
  notes.push(...describeShrinking(plan, planned, fitted));
  return {
    ...fitted,
    // The blocks of a shard are fixed, and nobody judges before the merge.
    looks: division === null ? plannedLooks(fitted.maximumBlocks) : [],
    pilotMs,
    alpha,
    seed,
    sideBySide: launch.sideBySide,
  };
}

/** What each shard measures within the budget; loads in the order in which they were planned. */
function fitShards(
  plan: Plan,
  sized: readonly SizedLoad[],
  budget: Parameters<typeof fitBudget>[1],
  { by, of }: Division,
  notes: string[],
): FittedBlocks {
  if (by === "blocks") return fitBudget(sized, { ...budget, runners: of }, notes);
  const planned = sized.map(({ load }) => load);
  const groups = scenariosOfShards(plan, planned, of).map((own) =>
    sized.filter(({ load }) => own.some(({ name }) => name === load.scenario)),
  );
  const fitted = fitGroups(groups, { ...budget, runners: 1 }, notes);
  const loads = sized.map(({ load }) => fitted.loads.find(({ scenario }) => scenario === load.scenario)!);
  return { ...fitted, loads };
}
