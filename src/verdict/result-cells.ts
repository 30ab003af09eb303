import { descriptorOf } from "../metrics/metrics.js";
import type { Plan } from "../model/plan.js";
import type { Schedule } from "../model/schedule.js";
import { median } from "../stats/quantile.js";
import { acceptanceFor } from "./acceptance.js";
import type { ResultCell } from "../model/result.js";
import { ungatedBecause, type Measured, type SetAside } from "./observations-from-blocks.js";
import { loadOf } from "../model/mix.js";
import { plannedMetrics, type PlannedMetric } from "./measured-metric.js";
import type { JudgedCell, Judgement } from "../model/judgement.js";
import type { Overload } from "./overload.js";
import { worseningOf } from "./reason.js";

/** What the cells of a result are made from. */
export interface CellSources {
  readonly plan: Plan;
  readonly schedule: Schedule;
  readonly measured: Measured;
  readonly judgement: Judgement | null;
  readonly overloads: readonly Overload[];
  /** Scenarios whose requests fail, with the arm. */
  readonly failing: readonly { readonly scenario: string | null; readonly arm: string }[];
  readonly today: string;
}

/** One row for each metric and candidate arm, in the order of the plan. */
export function resultCells(sources: CellSources): ResultCell[] {
  const candidates = sources.plan.arms.filter((arm) => arm.name !== sources.plan.baseline);
  return plannedMetrics(sources.plan).flatMap((planned) =>
    candidates.map((arm) => {
      const cell = statisticalCell(sources, planned, arm.name);
      return accepted(sources, arm.role === "control" ? cell : withoutEmptyNumbers(sources, cell));
    }),
  );
}

/** The row as statistics alone see it. */
function statisticalCell(sources: CellSources, planned: PlannedMetric, arm: string): ResultCell {
  const { measured, judgement, schedule } = sources;
  const scenario = planned.scenario?.name ?? null;
  const { metric, gate } = planned;
  const isThis = (other: { scenario: string | null; metric: string; arm: string }): boolean =>
    other.scenario === scenario && other.metric === metric.name && other.arm === arm;
  const unsettled: ResultCell = {
    scenario,
    metric: metric.name,
    arm,
    unit: metric.unit,
    gated: gate !== null,
    proof: gate?.proof ?? false,
    ungatedBecause: null,
    baseline: null,
    candidate: null,
    change: null,
    low: null,
    high: null,
    limit: gate?.limit ?? null,
    floor: gate?.floor ?? null,
    effectiveLimit: null,
    p: null,
    verdict: "inconclusive",
    minimumDetectable: null,
    accepted: null,
  };
  const aside = measured.setAside.find(isThis);
  if (aside !== undefined) return { ...unsettled, ...fromSetAside(aside) };
  const tooFew = ungatedBecause(planned, sources.plan, schedule);
  const frame = { ...unsettled, gated: gate !== null && tooFew === null, ungatedBecause: tooFew };
  const judged = judgement?.cells.find(isThis);
  if (judged !== undefined) {
    const effectiveLimit = gate === null ? null : judged.effectiveLimit;
    return { ...frame, ...fromJudged(judged), effectiveLimit };
  }
  const observed = measured.observations.cells.find(
    (cell) => cell.scenario === scenario && cell.metric === metric.name,
  );
  const values = [sources.plan.baseline, arm].map((name) => observed?.values[name] ?? []);
  if (values.some((row) => row.length === 0)) return frame;
  return { ...frame, baseline: median(values[0]!), candidate: median(values[1]!) };
}

function fromSetAside(aside: SetAside): Partial<ResultCell> {
  return {
    gated: false,
    ungatedBecause: aside.because,
    baseline: aside.baseline,
    candidate: aside.candidate,
    verdict: aside.kind === "no-baseline" ? "no-baseline" : "unavailable",
  };
}

function fromJudged(judged: JudgedCell): Partial<ResultCell> {
  return {
    baseline: judged.baseline,
    candidate: judged.candidate,
    change: judged.change,
    low: judged.low,
    high: judged.high,
    p: judged.pAdjusted,
    verdict: judged.verdict,
    minimumDetectable: Number.isFinite(judged.minimumDetectable) ? judged.minimumDetectable : null,
  };
}

const NO_NUMBER = { candidate: null, change: null, low: null, high: null, p: null, minimumDetectable: null };

/** Takes away numbers that would compare what cannot be compared. */
function withoutEmptyNumbers(sources: CellSources, cell: ResultCell): ResultCell {
  const metric = descriptorOf(cell.metric);
  const load = loadOf(sources.plan, cell.scenario);
  // A part that fails leaves work out of the whole.
  const fails = sources.failing.some(
    ({ scenario, arm }) =>
      arm === cell.arm && (scenario === cell.scenario || loadOf(sources.plan, scenario) === cell.scenario),
  );
  // A failure is often instant: what still looks slower is slower, but nothing here may look faster or the same.
  if (fails && cell.verdict !== "regressed" && cell.verdict !== "no-baseline") {
    return metric.countsFailures
      ? { ...cell, verdict: "failing" }
      : { ...cell, ...NO_NUMBER, verdict: "failing" };
  }
  if (fails && metric.countsFailures) return { ...cell, verdict: "failing" };
  const overload = sources.overloads.find(({ scenario, arm }) => scenario === load && arm === cell.arm);
  if (overload === undefined || !metric.isLatency) return cell;
  if (overload.baselineServes) return { ...cell, ...NO_NUMBER, verdict: "overloaded" };
  return {
    ...cell,
    ...NO_NUMBER,
    baseline: null,
    gated: false,
    ungatedBecause: "neither arm can serve the rate, so its latency would only show how long the run lasted",
    verdict: "unavailable",
  };
}

/** Notes the entry that lets a regressed cell stand, as long as the cell stays within what was accepted. */
function accepted(sources: CellSources, cell: ResultCell): ResultCell {
  if (cell.verdict !== "regressed" || !cell.gated) return cell;
  const entry = acceptanceFor(sources.plan, cell.scenario, cell.metric, sources.today);
  return entry !== null && worseningOf(cell) < entry.limit ? { ...cell, accepted: entry } : cell;
}
