import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_GATES } from "../../src/config/defaults.js";
import { SCENARIO_METRICS, SERVICE_METRICS, type Metric, descriptorOf } from "../../src/metrics/metrics.js";
import type { Plan } from "../../src/model/plan.js";
import type { Block } from "../../src/model/block.js";
import type { ArmMeasurement, ScenarioMeasurement } from "../../src/metrics/measurement.js";
import { intervalHistory, pairedSeries } from "../../src/reporters/text/paired-series.js";
import type { Result, ResultArm } from "../../src/model/result.js";
import { median } from "../../src/stats/quantile.js";
import { parseResultText } from "../../src/model/parse-result.js";
import type { CellVerdict, ResultCell, RunVerdict } from "../../src/model/result.js";

/** What a sample result is about; everything has a default, so a test names only what it is about. */
export interface Sample {
  readonly verdict?: RunVerdict;
  readonly reason?: string;
  readonly scenarios?: readonly string[];
  readonly blocks?: number;
  /** Factor on the latency of every candidate but the control, by scenario. */
  readonly slower?: Readonly<Record<string, number>>;
  /** Candidates that are slower; all but the control where it is not given. */
  readonly slowArms?: readonly string[];
  /** How many times the recorded run's spread from block to block; a quarter by default. */
  readonly noise?: number;
  readonly arms?: readonly Pick<ResultArm, "name" | "role">[];
  readonly baseline?: string;
  /** Verdict of cells where it is not the one that the sample's own numbers suggest. */
  readonly cellVerdict?: (cell: ResultCell) => CellVerdict | null;
  readonly change?: (result: Result) => Result;
}

const BASE_AND_HEAD = [
  { name: "base", role: "base" },
  { name: "head", role: "head" },
] as const;

/**
 * A run as it was recorded (scripts/record-run.mjs): one program as base, head and control, two scenarios. Samples vary
 * it, so that the fields, numbers and counts that a report shows are those that a run writes.
 */
const RECORDED = parseResultText(
  readFileSync(join(import.meta.dirname, "fixtures", "recorded-run.json"), "utf8"),
);
const RECORDED_BLOCKS = RECORDED.blocks.filter((block) => block.distrust.length === 0);
const startOf = (block: Block): number => Date.parse(block.startedAt);
/** From the start of the first block to the end of the last. */
const RECORDED_MS =
  startOf(RECORDED_BLOCKS.at(-1)!) + RECORDED_BLOCKS.at(-1)!.durationMs - startOf(RECORDED_BLOCKS[0]!);
const RECORDED_ARMS = ["base", "head", "control"] as const;

/** The recorded run with other names, more or fewer blocks, and the changes that a sample is about. */
export function sampleResult(sample: Sample = {}): Result {
  const arms = sample.arms ?? BASE_AND_HEAD;
  const baseline = sample.baseline ?? arms[0]!.name;
  const scenarios = sample.scenarios ?? ["list users", "one user"];
  const plan = samplePlan(arms, baseline, scenarios);
  const blocks = Array.from({ length: sample.blocks ?? 12 }, (_, place) => sampleBlock(place, sample, plan));
  const schedule = RECORDED.schedule!;
  const bare: Result = {
    ...RECORDED,
    verdict: sample.verdict ?? "pass",
    reason: sample.reason ?? "Every gated row is shown to be within its limit.",
    arms: arms.map((arm, index) => sampleArm(arm, index)),
    plan,
    schedule: {
      ...schedule,
      loads: scenarios.map((scenario, index) => ({
        ...schedule.loads[index % schedule.loads.length]!,
        scenario,
        arms: arms.map((arm) => arm.name),
        capacityPerSecond: { [baseline]: 620 },
      })),
    },
    environment: { ...RECORDED.environment, runner: "GitHub Actions, ubuntu-24.04" },
    warnings: [],
    cells: [],
    stopped: { look: 1, blocks: blocks.length, why: "every row was settled at the first look" },
    blocks,
    reproduce: "npx tailgate run --base 1f0c2ab --head 9d4e7b1 --seed 42",
  };
  const result = {
    ...bare,
    cells: blocks.length < 6 || !arms.some((arm) => arm.name === baseline) ? [] : sampleCells(bare, sample),
  };
  return sample.change?.(result) ?? result;
}

function sampleArm({ name, role }: Pick<ResultArm, "name" | "role">, index: number): ResultArm {
  const shas = ["1f0c2ab3d4e5f60718293a4b5c6d7e8f90a1b2c3", "9d4e7b1a0c2f3e4d5b6a798877665544332211ff"];
  const label = role === "base" ? "merge base of main" : role === "head" ? "feature/audit" : null;
  return {
    name,
    role,
    revision: role === "stack" || label === null ? null : { sha: shas[index % 2]!, label, dirty: false },
    buildMs: role === "stack" ? null : 8_200,
    usageUnavailable: null,
  };
}

function samplePlan(
  arms: readonly Pick<ResultArm, "name" | "role">[],
  baseline: string,
  scenarios: readonly string[],
): Plan {
  const { plan } = RECORDED;
  return {
    ...plan,
    arms: arms.map(({ name, role }) => ({ ...plan.arms[0]!, name, role })),
    baseline,
    scenarios: scenarios.map((name, index) => ({
      ...plan.scenarios[index % plan.scenarios.length]!,
      name,
      gates: DEFAULT_GATES,
    })),
    memoryGate: DEFAULT_GATES.memory,
    report: { comment: "always", key: "api" },
  };
}

/** The recorded block of this place; after the last one they begin again. */
function recordedBlock(place: number): Block {
  return RECORDED_BLOCKS[place % RECORDED_BLOCKS.length]!;
}

function sampleBlock(place: number, sample: Sample, plan: Plan): Block {
  const recorded = recordedBlock(place);
  const isSlow = (name: string, role: string): boolean =>
    sample.slowArms?.includes(name) ?? (name !== plan.baseline && role !== "control");
  const arms = plan.arms.map(({ name, role }, arm): [string, ArmMeasurement] => {
    const from = recorded.arms[RECORDED_ARMS[arm % RECORDED_ARMS.length]!]!;
    const scenarios = plan.scenarios.map((scenario, index): [string, ScenarioMeasurement] => {
      const slower = isSlow(name, role) ? (sample.slower?.[scenario.name] ?? 1) : 1;
      return [scenario.name, sampleMeasurement({ place, arm, index, slower, noise: sample.noise ?? 0.25 })];
    });
    return [name, { ...from, scenarios: Object.fromEntries(scenarios) }];
  });
  const names = plan.arms.map((arm) => arm.name);
  return {
    ...recorded,
    // A run counts its blocks from 1.
    index: place + 1,
    startedAt: new Date(
      startOf(recorded) + Math.floor(place / RECORDED_BLOCKS.length) * RECORDED_MS,
    ).toISOString(),
    startOrder: place % 2 === 0 ? names : names.toReversed(),
    arms: Object.fromEntries(arms),
  };
}

/** Where in the recorded run a measurement comes from, and how it differs from what was recorded. */
interface Variation {
  readonly place: number;
  readonly arm: number;
  readonly index: number;
  readonly slower: number;
  readonly noise: number;
}

function sampleMeasurement({ place, arm, index, slower, noise }: Variation): ScenarioMeasurement {
  const name = RECORDED.plan.scenarios[index % RECORDED.plan.scenarios.length]!.name;
  // Further scenarios and arms of a sample begin elsewhere in the recorded run, so that no two rows are the same.
  const shift = Math.floor(index / 2) + Math.floor(arm / RECORDED_ARMS.length);
  const recordedArm = RECORDED_ARMS[arm % RECORDED_ARMS.length]!;
  const measured = recordedBlock(place + shift).arms[recordedArm]!.scenarios[name]!;
  // All recorded arms are one program, so that they have one true figure.
  const everyMeasurement = RECORDED_BLOCKS.flatMap(({ arms }) => Object.values(arms)).map(
    ({ scenarios }) => scenarios[name]!,
  );
  /** A figure, moved away from its median over the recorded run or towards it. */
  const spread = (figure: (one: ScenarioMeasurement) => number): number => {
    const middle = median(everyMeasurement.map(figure));
    return middle * (figure(measured) / middle) ** noise;
  };
  const quantile = (name: keyof NonNullable<ScenarioMeasurement["latencyUs"]>): number =>
    slower * spread((one) => one.latencyUs![name]);
  const [p50, p75, p90, p95, p99, p999, max] = (["p50", "p75", "p90", "p95", "p99", "p999", "max"] as const)
    .map(quantile)
    .sort((one, other) => one - other) as [number, number, number, number, number, number, number];
  const bins = Math.round((Math.log10(p50 / measured.latencyUs!.p50) / 8) * 128);
  return {
    ...measured,
    latencyUs: { p50, p75, p90, p95, p99, p999, max, mean: quantile("mean") },
    histogram: measured.histogram.map(
      ([bin, count]) => [Math.min(127, Math.max(0, bin + bins)), count] as const,
    ),
    throughputPerSecond: spread((one) => one.throughputPerSecond!) / slower,
    cpuUsPerRequest: slower * spread((one) => one.cpuUsPerRequest!),
  };
}

function sampleCells(result: Result, sample: Sample): ResultCell[] {
  const places: { scenario: string | null; metric: Metric }[] = result.plan.scenarios.flatMap(({ name }) =>
    SCENARIO_METRICS.map((metric) => ({ scenario: name, metric: metric.name })),
  );
  places.push(...SERVICE_METRICS.map((metric) => ({ scenario: null, metric: metric.name })));
  return result.arms
    .filter((arm) => arm.name !== result.plan.baseline)
    .flatMap((arm) => places.map((place) => sampleCell(result, sample, { ...place, arm: arm.name })));
}

function sampleCell(
  result: Result,
  sample: Sample,
  place: Pick<ResultCell, "scenario" | "metric" | "arm">,
): ResultCell {
  const metric = descriptorOf(place.metric);
  const { gate } = metric;
  const series = pairedSeries(result, place);
  const last = intervalHistory(series, metric.scale).at(-1)!;
  const sign = metric.worse === "lower" ? -1 : 1;
  const worst = Math.max(sign * last.low, sign * last.high);
  const best = Math.min(sign * last.low, sign * last.high);
  const verdict: CellVerdict =
    best > 0.4 * gate.limit && sign * last.change >= gate.limit
      ? "regressed"
      : worst < -0.4 * gate.limit
        ? "improved"
        : worst < gate.limit
          ? "unchanged"
          : "inconclusive";
  const withFloor = metric.scale === "log" ? gate.floor / median(series.map((point) => point.baseline)) : 0;
  const cell: ResultCell = {
    ...place,
    unit: metric.unit,
    gated: metric.gatedByDefault,
    proof: gate.proof,
    ungatedBecause: null,
    baseline: median(series.map((point) => point.baseline)),
    candidate: median(series.map((point) => point.candidate)),
    change: last.change,
    low: last.low,
    high: last.high,
    limit: gate.limit,
    floor: gate.floor,
    effectiveLimit: Math.max(gate.limit, withFloor),
    p: verdict === "regressed" ? 0.0004 : 0.62,
    verdict,
    minimumDetectable: gate.limit + 0.45 * (last.high - last.low),
    accepted: null,
  };
  return { ...cell, verdict: sample.cellVerdict?.(cell) ?? verdict };
}
