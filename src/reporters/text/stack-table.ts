import { p50, p99 } from "../../metrics/latency.js";
import { memory } from "../../metrics/memory.js";
import type { MetricDescriptor } from "../../metrics/metric-descriptor.js";
import { throughput } from "../../metrics/throughput.js";
import type { ArmMeasurement } from "../../metrics/measurement.js";
import { median } from "../../stats/quantile.js";
import { formatPercent } from "../../text/format-quantity.js";
import { valueFigure } from "./figures.js";
import { type Ratio, countedBlocks, pairedRatio } from "./paired-series.js";
import type { Result } from "../../model/result.js";
import { VERDICT_WORDS } from "./rows.js";

/** Whole stacks side by side in one scenario: a row for each measure, a column for each stack. */
export interface StackTable {
  readonly scenario: string;
  readonly baseline: string;
  /** Names of the columns, as the plan lists them. */
  readonly stacks: readonly string[];
  readonly rows: readonly StackRow[];
}

interface StackRow {
  readonly label: string;
  readonly figures: readonly StackFigure[];
}

export interface StackFigure {
  /** Median over the blocks; a word where there is no number to give. */
  readonly value: string;
  /** How many times the baseline's, with its 95 % interval; `null` for the baseline, and where it cannot be told. */
  readonly times: Ratio | null;
}

interface Measure {
  readonly label: string;
  /** A cell of this metric without a number takes the number of this row as well; `null`: no cell does. */
  readonly governedBy: MetricDescriptor | null;
  readonly valueIn: (arm: ArmMeasurement, scenario: string) => number | null;
  readonly shown: (value: number) => string;
}

const MEASURES: readonly Measure[] = [
  ofMetric(throughput),
  ofMetric(p50),
  ofMetric(p99),
  {
    ...ofMetric(p99),
    label: "p99.9",
    valueIn: (arm, scenario) => arm.scenarios[scenario]!.latencyUs?.p999 ?? null,
  },
  { ...ofMetric(memory), label: "peak memory" },
  {
    label: "peak CPU of a core",
    governedBy: null,
    valueIn: (arm, scenario) => arm.scenarios[scenario]!.cpuShareOfCoreAtCapacity,
    shown: formatPercent,
  },
];

function ofMetric(metric: MetricDescriptor): Measure {
  return {
    label: metric.label,
    governedBy: metric,
    valueIn: (arm, scenario) =>
      metric.scope === "service" ? metric.read(arm) : metric.read(arm.scenarios[scenario]!),
    shown: (value) => valueFigure(value, metric.unit),
  };
}

/** Two decimals around one, so that small changes show; fewer for large factors, two digits for small ones. */
export function timesNumber(times: number): string {
  if (times < 0.1) return times.toPrecision(2);
  if (times < 9.995) return times.toFixed(2);
  if (times < 99.95) return times.toFixed(1);
  return Math.round(times).toLocaleString("en-US");
}

/** Whether whole stacks were compared, instead of two commits. */
export function comparesStacks(result: Pick<Result, "arms">): boolean {
  return result.arms.length > 0 && result.arms.every((arm) => arm.role === "stack");
}

/** A table for each scenario where whole stacks were compared and a block was measured; else none. */
export function stackTables(result: Result): StackTable[] {
  if (!comparesStacks(result) || countedBlocks(result).length === 0) return [];
  const stacks = result.arms.map((arm) => arm.name);
  const { baseline } = result.plan;
  return result.plan.scenarios.map(({ name }) => ({
    scenario: name,
    baseline,
    stacks,
    rows: MEASURES.map((measure) => ({
      label: measure.label,
      figures: stacks.map((stack) => figure(result, name, measure, stack)),
    })),
  }));
}

function figure(result: Result, scenario: string, measure: Measure, stack: string): StackFigure {
  const withheld = withheldBecause(result, scenario, measure, stack);
  if (withheld !== null) return { value: withheld, times: null };
  const own = series(result, scenario, measure, stack);
  const known = own.filter((value) => value !== null);
  if (known.length === 0) return { value: "–", times: null };
  const { baseline } = result.plan;
  return {
    value: measure.shown(median(known)),
    times: stack === baseline ? null : pairedRatio(series(result, scenario, measure, baseline), own),
  };
}

/** One value a counted block; `null` where it has none. */
function series(result: Result, scenario: string, measure: Measure, stack: string): (number | null)[] {
  return countedBlocks(result).map(({ arms }) => {
    if (!Object.hasOwn(arms, stack)) return null;
    const arm = arms[stack]!;
    return Object.hasOwn(arm.scenarios, scenario) ? measure.valueIn(arm, scenario) : null;
  });
}

/** The word in place of a number that would compare what cannot be compared, such as latency under overload. */
function withheldBecause(
  result: Result,
  scenario: string,
  { governedBy }: Measure,
  stack: string,
): string | null {
  const cells = result.cells.filter((cell) => cell.metric === governedBy?.name && cell.scenario === scenario);
  if (stack === result.plan.baseline) {
    // Its own number is taken away where it cannot serve the rate either.
    const without = cells.find((cell) => cell.verdict === "unavailable" && cell.baseline === null);
    return without === undefined ? null : VERDICT_WORDS.unavailable;
  }
  const verdict = cells.find((cell) => cell.arm === stack)?.verdict;
  return verdict === "overloaded" || verdict === "failing" || verdict === "unavailable"
    ? VERDICT_WORDS[verdict]
    : null;
}
