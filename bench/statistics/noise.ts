import { seededRandom, type Random } from "../../src/stats/random.js";
import type { ObservedCell } from "../../src/model/observed-cell.js";

/*
 * A made-up machine and service, block by block: what a paired comparison has to live with on a shared runner.
 *
 * Every launch of an arm has a speed of its own (layout, hash seeds, compilation). The machine drifts over the run,
 * mostly alike for both arms of a block. Its roughness drifts too: quiet blocks follow quiet ones. A launch is now and
 * then hit by a stall that shows in the tail. On top of that stands the exact sampling error of the quantiles of
 * a finite number of requests, drawn from a latency distribution with a heavy tail.
 */

const SCENARIOS = 4;
const BLOCKS = 40;
export const REQUESTS = 1000;

/** Shape of the log-logistic latency distribution: its p99 is 2.5 times its p50. */
const SHAPE = 0.2;

/** Standard deviations of one arm in one block, as logarithms, beside the sampling error. */
export interface Noise {
  readonly launch: number;
  readonly scenarioLaunch: number;
  readonly driftStep: number;
  readonly driftBetweenArms: number;
  readonly roughnessStep: number;
  readonly tail: Readonly<Record<(typeof QUANTILES)[number][0], number>>;
  readonly throughput: number;
  readonly cpu: number;
}

/** A service without long pauses on a machine that has processors to spare. */
export const STEADY: Noise = {
  launch: 0.015,
  scenarioLaunch: 0.007,
  driftStep: 0.02,
  driftBetweenArms: 0.004,
  roughnessStep: 0.15,
  tail: { p50: 0.004, p90: 0.01, p95: 0.02, p99: 0.1 },
  throughput: 0.015,
  cpu: 0.006,
};

/**
 * A service that collects garbage in pauses of several milliseconds, queues of which make up its tail, on two
 * processors: what two unchanged copies differ by in a block of docs/calibration.md is the root of two times this.
 */
export const STALLING: Noise = {
  ...STEADY,
  tail: { p50: 0.04, p90: 0.11, p95: 0.12, p99: 0.17 },
  throughput: 0.04,
  cpu: 0.022,
};

const STALL_PROBABILITY = 0.03;
/** Share of requests that go wrong in the one scenario that is not free of errors, in either arm alike. */
const STRAY_ERRORS = 0.0002;

/** What is changed in head: factors by scenario and metric; 1.1 is 10 % more. */
export type Effect = (scenario: number, metric: string) => number;
export const UNCHANGED: Effect = () => 1;

/** How much slower each scenario of each arm is in one block, as logarithms. */
export type Slowed = Readonly<Record<"base" | "head", readonly number[]>>;

/** Draws what else happens to a run of so many blocks and scenarios; asked for block after block. */
export type Interference = (random: Random, blocks: number, scenarios: number) => () => Slowed;

/** A run that is not of the usual size, or not undisturbed. */
export interface RunShape {
  readonly blocks: number;
  readonly scenarios: number;
  readonly interference: Interference;
}

const USUAL: RunShape = {
  blocks: BLOCKS,
  scenarios: SCENARIOS,
  interference: (_random, _blocks, scenarios) => {
    const nothing = Array<number>(scenarios).fill(0);
    return () => ({ base: nothing, head: nothing });
  },
};

export interface SimulatedRun {
  readonly cells: readonly ObservedCell[];
  /** Log speed of scenario 0 in each block, from which its single requests can be drawn. */
  readonly levels: { readonly base: readonly number[]; readonly head: readonly number[] };
}

export const LIMITS: Readonly<Record<string, number>> = {
  p50: 0.05,
  p90: 0.05,
  p95: 0.075,
  p99: 0.15,
  throughput: 0.05,
  cpu: 0.05,
  errors: 0.001,
};

const QUANTILES = [
  ["p50", 0.5],
  ["p90", 0.9],
  ["p95", 0.95],
  ["p99", 0.99],
] as const;

/** One run of base against head: 28 cells over 40 blocks, all from `seed`; green waits for all but p99. */
export function simulatedRun(
  seed: number,
  effect: Effect = UNCHANGED,
  noise = STEADY,
  { blocks, scenarios, interference }: RunShape = USUAL,
): SimulatedRun {
  const random = seededRandom(seed, "simulated run");
  const nextBlock = interference(seededRandom(seed, "interference"), blocks, scenarios);
  const values = new Map<string, { base: number[]; head: number[] }>();
  const levels = { base: [] as number[], head: [] as number[] };
  let drift = 0;
  let roughness = 0;
  for (let block = 0; block < blocks; block++) {
    const slowed = nextBlock();
    drift = 0.9 * drift + noise.driftStep * normal(random);
    roughness = 0.8 * roughness + noise.roughnessStep * normal(random);
    const rough = Math.exp(roughness);
    for (const arm of ["base", "head"] as const) {
      const launch =
        drift + rough * (noise.launch * normal(random) + noise.driftBetweenArms * normal(random));
      for (let scenario = 0; scenario < scenarios; scenario++) {
        const slower = slowed[arm][scenario]!;
        const level = slower + launch + rough * noise.scenarioLaunch * normal(random);
        const factor = (metric: string): number => (arm === "head" ? effect(scenario, metric) : 1);
        const put = (metric: string, value: number): void => {
          const key = `${scenario} ${metric}`;
          const rows = values.get(key) ?? { base: [], head: [] };
          values.set(key, rows);
          rows[arm].push(value);
        };
        if (scenario === 0) levels[arm].push(level + Math.log(factor("p50")));
        const stall = Math.abs(slower) + (random() < STALL_PROBABILITY ? 0.2 + 0.8 * random() : 0);
        const sample = quantilesOfSample(random);
        QUANTILES.forEach(([metric], i) => {
          const own = rough * noise.tail[metric] * heavyTailed(random);
          const hit = stall * [0, 0.05, 0.3, 1][i]!;
          put(metric, 1000 * (1 + scenario) * Math.exp(level + sample[i]! + own + hit) * factor(metric));
        });
        put(
          "throughput",
          800 * Math.exp(-level + rough * noise.throughput * heavyTailed(random)) * factor("throughput"),
        );
        // Waiting for a processor is most of it; the rest is what colder caches cost.
        put(
          "cpu",
          300 * Math.exp(level - 0.7 * slower + rough * noise.cpu * heavyTailed(random)) * factor("cpu"),
        );
        put("errors", scenario === 0 ? strayErrors(random) : 0);
      }
    }
  }
  const cells = [...values].map(([key, rows]): ObservedCell => {
    const [scenario, metric] = key.split(" ") as [string, string];
    return {
      scenario,
      metric,
      unit: "",
      worse: metric === "throughput" ? "lower" : "higher",
      limit: LIMITS[metric]!,
      scale: metric === "errors" ? "difference" : "log",
      floor: 0,
      gated: true,
      proof: metric !== "p99",
      accepted: null,
      values: rows,
    };
  });
  return { cells, levels };
}

/** Single requests of scenario 0 in every block of an arm, as logarithms: for tests that pool requests. */
export function pooledRequests(levels: readonly number[], perBlock: number, random: Random): Float64Array {
  const requests = new Float64Array(levels.length * perBlock);
  levels.forEach((level, block) => {
    for (let i = 0; i < perBlock; i++) {
      const u = random() || Number.EPSILON;
      requests[block * perBlock + i] = level + SHAPE * Math.log(u / (1 - u));
    }
  });
  return requests;
}

/**
 * Logarithms of the quantiles of a sample of `REQUESTS`, with their exact joint distribution: order statistics of
 * uniforms are ratios of sums of exponentials (Renyi 1953), so a few gamma variates stand for a thousand requests.
 */
function quantilesOfSample(random: Random): number[] {
  const sums: number[] = [];
  let sum = 0;
  let rank = 0;
  for (const [, p] of QUANTILES) {
    const next = Math.round(p * REQUESTS);
    sum += gamma(next - rank, random);
    rank = next;
    sums.push(sum);
  }
  const total = sum + gamma(REQUESTS + 1 - rank, random);
  return sums.map((part) => SHAPE * Math.log(part / (total - part)));
}

function strayErrors(random: Random): number {
  // Poisson by inversion; the mean is far below 1.
  const mean = STRAY_ERRORS * REQUESTS;
  let left = random() - Math.exp(-mean);
  let probability = Math.exp(-mean);
  let count = 0;
  while (left > 0 && count < 100) {
    count++;
    probability *= mean / count;
    left -= probability;
  }
  return count / REQUESTS;
}

export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Student's t with three degrees of freedom, scaled to a standard deviation of one. */
function heavyTailed(random: Random): number {
  const chiSquare = -2 * Math.log(1 - random()) + normal(random) ** 2;
  return normal(random) / Math.sqrt(chiSquare / 3) / Math.sqrt(3);
}

/** Marsaglia and Tsang (2000), for shapes of 1 and more. */
function gamma(shape: number, random: Random): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
