import type { Metric } from "../metrics/metrics.js";
import type { Plan } from "../model/plan.js";
import type { ScenarioPlan } from "../model/scenario-plan.js";
import type { Block } from "../model/block.js";
import type { Schedule } from "../model/schedule.js";
import { median } from "../stats/quantile.js";
import { acceptanceFor } from "./acceptance.js";
import { measuredBlocks } from "./measured-blocks.js";
import { plannedMetrics, valueIn, type PlannedMetric } from "./measured-metric.js";
import { loadOf, shareOfLoad } from "../model/mix.js";
import { OBSERVATIONS_SCHEMA, type Observations } from "../model/observations.js";
import type { ObservedCell } from "../model/observed-cell.js";

/** A cell that cannot be judged, and why. */
export interface SetAside {
  readonly scenario: string | null;
  readonly metric: Metric;
  readonly arm: string;
  /**
   * `no-baseline`: only the candidate has it. `unavailable`: it cannot be measured here, for either arm in any block.
   * `lost`: some block has no number for it, because no request got a response.
   */
  readonly kind: "no-baseline" | "unavailable" | "lost";
  readonly because: string;
  /** Medians of the numbers that there are, in the metric's unit. */
  readonly baseline: number | null;
  readonly candidate: number | null;
}

/** What blocks say, cell by cell. */
export interface Measured {
  readonly observations: Observations;
  readonly setAside: readonly SetAside[];
}

/**
 * Observations of recorded blocks, ready for `judge`.
 *
 * @param today - day for which acceptances are looked up, `YYYY-MM-DD`; by default that of the first block
 */
export function observationsFrom(
  blocks: readonly Block[],
  plan: Plan,
  schedule: Schedule,
  today?: string,
): Observations {
  return measuredFrom(blocks, plan, schedule, today).observations;
}

/** The same, with what had to be set aside. Blocks that could not be trusted are left out: they were run again. */
export function measuredFrom(
  blocks: readonly Block[],
  plan: Plan,
  schedule: Schedule,
  today = dayOf(blocks),
): Measured {
  const trusted = trustedBlocks(blocks);
  const setAside: SetAside[] = [];
  const cells: ObservedCell[] = [];
  for (const planned of plannedMetrics(plan)) {
    const own = trusted.slice(0, measuredBlocks(trusted, plan, planned));
    const baseline = own.map((block) => valueIn(block, plan.baseline, planned));
    const values: Record<string, readonly number[]> = {};
    for (const { name } of plan.arms.filter((arm) => arm.name !== plan.baseline)) {
      const candidate = own.map((block) => valueIn(block, name, planned));
      const reason = whySetAside(planned, plan.baseline, baseline, name, candidate);
      if (reason === null) values[name] = candidate as number[];
      else setAside.push({ ...placeOf(planned), arm: name, ...reason, ...medians(baseline, candidate) });
    }
    if (Object.keys(values).length === 0) continue;
    values[plan.baseline] = baseline as number[];
    cells.push(toObservedCell(planned, values, plan, schedule, today));
  }
  return { observations: { ...frame(plan, schedule), ...runnersOf(trusted), cells }, setAside };
}

/** Why a metric that the plan gates is only shown; `null` where it is gated, or the plan has no gate. */
export function ungatedBecause(planned: PlannedMetric, plan: Plan, schedule: Schedule): string | null {
  const { scenario, gate, metric } = planned;
  const needed = metric.fewestRequests;
  if (gate === null || scenario === null) return null;
  const sent = sentRequests(scenario, plan, schedule);
  if (sent >= needed) return null;
  return `${metric.name} needs ${needed} requests an arm and block to be gated, and ${sent} are sent`;
}

/** Per arm and block; of a part of a mix about its share. */
function sentRequests(scenario: ScenarioPlan, plan: Plan, schedule: Schedule): number {
  const load = loadOf(plan, scenario.name);
  const all = schedule.loads.find((one) => one.scenario === load)?.requests ?? scenario.load.requests;
  return Math.round(all * shareOfLoad(plan, scenario));
}

export function trustedBlocks(blocks: readonly Block[]): readonly Block[] {
  return blocks.filter((block) => block.distrust.length === 0);
}

/** The day on which a run began, UTC. */
export function dayOf(blocks: readonly Block[]): string {
  return blocks[0]?.startedAt.slice(0, 10) ?? "";
}

/** Which runner measured each block of a divided run; nothing where one measured all. */
function runnersOf(blocks: readonly Block[]): { readonly runners?: readonly number[] } {
  const runners = blocks.map(({ shard }) => shard);
  return runners.length > 0 && runners.every((shard) => shard !== undefined) ? { runners } : {};
}

function frame(plan: Plan, schedule: Schedule): Omit<Observations, "cells"> {
  return {
    schema: OBSERVATIONS_SCHEMA,
    baseline: plan.baseline,
    control: plan.arms.find((arm) => arm.role === "control")?.name ?? null,
    alpha: schedule.alpha,
    looks: schedule.looks,
    seed: schedule.seed,
    strict: plan.experiment.strict,
  };
}

function toObservedCell(
  planned: PlannedMetric,
  values: Readonly<Record<string, readonly number[]>>,
  plan: Plan,
  schedule: Schedule,
  today: string,
): ObservedCell {
  const { metric } = planned;
  const place = placeOf(planned);
  // A metric without a gate is judged beside the limit that it would have if a file asked for one.
  const gate = planned.gate ?? metric.gate;
  return {
    ...place,
    unit: metric.unit,
    worse: metric.worse,
    limit: gate.limit,
    scale: metric.scale,
    floor: gate.floor,
    gated: planned.gate !== null && ungatedBecause(planned, plan, schedule) === null,
    proof: gate.proof,
    accepted: acceptanceFor(plan, place.scenario, place.metric, today)?.limit ?? null,
    values,
  };
}

function placeOf({ scenario, metric }: PlannedMetric): { scenario: string | null; metric: Metric } {
  return { scenario: scenario?.name ?? null, metric: metric.name };
}

type Series = readonly (number | null | undefined)[];

function whySetAside(
  planned: PlannedMetric,
  baselineName: string,
  baseline: Series,
  candidateName: string,
  candidate: Series,
): Pick<SetAside, "kind" | "because"> | null {
  const usable = (value: number | null | undefined): boolean =>
    value !== null && value !== undefined && (value > 0 || planned.metric.scale === "difference");
  const known = [baseline.some(usable), candidate.some(usable)] as const;
  if (baseline.every((value) => value === undefined) && !candidate.every((value) => value === undefined)) {
    return { kind: "no-baseline", because: `${baselineName} does not have it` };
  }
  if (!known[0] && !known[1]) return { kind: "unavailable", because: planned.metric.unavailableBecause };
  for (const [arm, series] of [
    [baselineName, baseline],
    [candidateName, candidate],
  ] as const) {
    const missing = series.findIndex((value) => !usable(value));
    if (missing >= 0) {
      return { kind: "lost", because: `${arm} has no ${planned.metric.name} in block ${missing + 1}` };
    }
  }
  return null;
}

function medians(baseline: Series, candidate: Series): Pick<SetAside, "baseline" | "candidate"> {
  const middle = (series: Series): number | null => {
    const numbers = series.filter((value) => value !== null && value !== undefined);
    return numbers.length === 0 ? null : median(numbers);
  };
  return { baseline: middle(baseline), candidate: middle(candidate) };
}
