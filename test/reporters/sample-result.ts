import { DEFAULT_GATES } from "../../src/config/defaults.js";
import { SCENARIO_METRICS, SERVICE_METRICS, type Metric, descriptorOf } from "../../src/metrics/metrics.js";
import type { Plan, ScenarioPlan } from "../../src/model/plan.js";
import type { Block } from "../../src/model/block.js";
import type { ArmMeasurement, ScenarioMeasurement } from "../../src/metrics/measurement.js";
import { intervalHistory, pairedSeries } from "../../src/reporters/text/paired-series.js";
import { RESULT_SCHEMA, type Result, type ResultArm } from "../../src/model/result.js";
import { median } from "../../src/stats/quantile.js";
import { seededRandom, type Random } from "../../src/stats/random.js";
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
  /** Relative spread of a launch. */
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

/** A result such as a run writes it, from seeded numbers: the same every time. */
export function sampleResult(sample: Sample = {}): Result {
  const arms = sample.arms ?? BASE_AND_HEAD;
  const baseline = sample.baseline ?? arms[0]!.name;
  const scenarios = sample.scenarios ?? ["list users", "one user"];
  const plan = samplePlan(arms, baseline, scenarios);
  const blocks = Array.from({ length: sample.blocks ?? 12 }, (_, index) => sampleBlock(index, sample, plan));
  const bare: Result = {
    schema: RESULT_SCHEMA,
    verdict: sample.verdict ?? "pass",
    reason: sample.reason ?? "Every gated row is shown to be within its limit.",
    seed: 42,
    startedAt: "2026-11-21T08:00:00.000Z",
    durationMs: 154_000,
    arms: arms.map((arm, index) => sampleArm(arm, index)),
    plan,
    schedule: {
      loads: scenarios.map((scenario) => ({
        scenario,
        arms: arms.map((arm) => arm.name),
        ratePerSecond: 310,
        rateFrom: "auto",
        capacityPerSecond: { [baseline]: 620 },
        burstMs: 100,
        capacityBurstMs: 100,
        requests: 1000,
        warmupRequests: 500,
        capacityRequests: 1000,
      })),
      estimatedBlockMs: 7_500,
      maximumBlocks: 40,
      looks: [12, 20, 30, 40],
      alpha: 0.05,
      seed: 42,
      sideBySide: true,
    },
    environment: {
      tailgate: "0.1.0",
      node: "v24.21.0",
      system: "linux 6.8.0 x64",
      cpuModel: "AMD EPYC 7763 64-Core Processor",
      cores: 4,
      memoryBytes: 16 * 1024 ** 3,
      placement: "load generator on processor 0, services on processors 1 to 3",
      runner: "GitHub Actions, ubuntu-24.04",
      attempt: 1,
    },
    warnings: [],
    cells: [],
    stopped: { look: 1, blocks: blocks.length, why: "every row was settled at the first look" },
    blocks,
    reproduce: "npx tailgate run --base 1f0c2ab --head 9d4e7b1 --seed 42",
    logTail: null,
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
  return {
    arms: arms.map(({ name, role }) => ({
      name,
      role,
      service: {
        build: "npm ci",
        start: "node server.js",
        cwd: ".",
        env: {},
        setup: null,
        reset: null,
        ready: { path: "/health", timeoutMs: 60_000 },
        port: null,
        buildTimeoutMs: 600_000,
      },
    })),
    baseline,
    scenarios: scenarios.map(sampleScenario),
    memoryGate: DEFAULT_GATES.memory,
    accept: [],
    experiment: { budgetMs: 300_000, alpha: 0.05, seed: 42, control: false, strict: false },
    report: { comment: "always", key: "api" },
    notes: [],
  };
}

function sampleScenario(name: string): ScenarioPlan {
  return {
    name,
    requests: [{ method: "GET", path: "/users", headers: {}, body: null, capture: {} }],
    expect: { status: [200], contains: null, bytes: null },
    load: {
      connections: 10,
      connection: "keep-alive",
      rate: "auto",
      requests: 1000,
      warmup: 500,
      timeoutMs: 5000,
    },
    gates: DEFAULT_GATES,
    newInHead: false,
  };
}

function sampleBlock(index: number, sample: Sample, plan: Plan): Block {
  const random = seededRandom(7, `block ${index}`);
  const drift = 1 + 0.08 * Math.sin(index / 3);
  const isSlow = (name: string, role: string): boolean =>
    sample.slowArms?.includes(name) ?? (name !== plan.baseline && role !== "control");
  const started = Date.parse("2026-11-21T08:00:20.000Z") + index * 7_500;
  const arms = Object.fromEntries(
    plan.arms.map((arm, place) => [
      arm.name,
      {
        port: 41_000 + 10 * index + place,
        startedInMs: 310 + 40 * random(),
        processors: "1-3",
        peakResidentBytes: Math.round(88e6 * (1 + 0.01 * normal(random))),
        scenarios: Object.fromEntries(
          plan.scenarios.map((scenario) => {
            const slower = isSlow(arm.name, arm.role) ? (sample.slower?.[scenario.name] ?? 1) : 1;
            return [scenario.name, sampleObservation(drift * slower, sample.noise ?? 0.01, random)];
          }),
        ),
      } satisfies ArmMeasurement,
    ]),
  );
  const names = plan.arms.map((arm) => arm.name);
  return {
    // A run counts its blocks from 1.
    index: index + 1,
    attempt: 1,
    seed: 42 + index,
    startedAt: new Date(started).toISOString(),
    durationMs: 7_200 + Math.round(200 * random()),
    startOrder: index % 2 === 0 ? names : names.toReversed(),
    arms,
    generator: {
      busyShare: 0.11 + 0.02 * random(),
      latenessP50Us: 60,
      latenessP99Us: 180 + 60 * random(),
      queuedWhileIdle: 0,
      cpuUs: 412_000,
    },
    machine: { stealShare: 0.004 * random(), cpuPressureShare: 0.02 + 0.01 * random() },
    distrust: [],
    doubts: [],
  };
}

/** Latencies of a log-normal service with a slow tail, as its quantiles and histogram say it. */
function sampleObservation(factor: number, noise: number, random: Random): ScenarioMeasurement {
  const launch = factor * Math.exp(noise * normal(random));
  const latencies = Array.from({ length: 1000 }, () => {
    const slow = random() < 0.03 ? 3.5 : 1;
    return 1_900 * launch * slow * Math.exp(0.22 * normal(random));
  }).sort((a, b) => a - b);
  const at = (p: number): number => latencies[Math.min(999, Math.floor(p * 1000))]!;
  const bins = new Map<number, number>();
  for (const latency of latencies) {
    const bin = Math.min(127, Math.max(0, Math.floor((Math.log10(latency) / 8) * 128)));
    bins.set(bin, (bins.get(bin) ?? 0) + 1);
  }
  return {
    requests: 1000,
    errors: { status: 0, timeout: 0, connection: 0, body: 0 },
    latencyUs: {
      p50: at(0.5),
      p75: at(0.75),
      p90: at(0.9),
      p95: at(0.95),
      p99: at(0.99),
      p999: at(0.999),
      max: latencies[999]!,
      mean: latencies.reduce((sum, latency) => sum + latency, 0) / 1000,
    },
    histogram: [...bins].sort(([a], [b]) => a - b),
    achievedRatePerSecond: 310,
    throughputPerSecond: (620 / launch) * Math.exp(0.01 * normal(random)),
    cpuUsPerRequest: 1_150 * launch * Math.exp(0.005 * normal(random)),
    cpuShareOfCore: 0.36 * launch,
    cpuShareOfCoreAtCapacity: 0.71 * launch,
    bytesPerResponse: 4_210,
    statuses: { "200": 1000 },
    reconnects: 0,
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
    p: verdict === "regressed" ? 0.0004 : 0.62,
    verdict,
    minimumDetectable: gate.limit + 0.45 * (last.high - last.low),
    accepted: null,
  };
  return { ...cell, verdict: sample.cellVerdict?.(cell) ?? verdict };
}

/** Box and Muller (1958). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
