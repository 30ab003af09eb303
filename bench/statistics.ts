import { parseArgs } from "node:util";
import { DEFAULT_GATES } from "../src/config/defaults.js";
import type { Metric } from "../src/metrics/metrics.js";
import { LOOKS } from "../src/stats/alpha-spending.js";
import { seededRandom } from "../src/stats/random.js";
import { judge, answerTo } from "../src/verdict/judge.js";
import { OBSERVATIONS_SCHEMA, type ObservedCell, type Observations } from "../src/model/observations.js";
import {
  LIMITS,
  pooledRequests,
  REQUESTS,
  simulatedRun,
  STALLING,
  STEADY,
  UNCHANGED,
  type Effect,
} from "./statistics-noise.js";
import { foundAtOneLook } from "./statistics-clear.js";
import { fixedLimit, mannWhitney, signedRank, welch } from "./statistics-rivals.js";

/*
 * What the decision does to made-up runs whose truth is known. All from one seed: the same numbers on every machine.
 *
 *   npm run bench:statistics [-- --only unchanged,plain,... --runs 2000 --from 0 --seed 1]
 */

const { values: options } = parseArgs({
  options: {
    only: {
      type: "string",
      default:
        "speed,unchanged,plain,ten,narrow,at-limit-p50,at-limit-p95,at-limit-cpu,stalling,rivals,clear,beside",
    },
    runs: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
  },
});
const RUNS = Number(options.runs);
const SEED = Number(options.seed);
const FROM = Number(options.from);

function observed(cells: readonly ObservedCell[], seed: number): Observations {
  return {
    schema: OBSERVATIONS_SCHEMA,
    baseline: "base",
    control: null,
    alpha: 0.05,
    looks: LOOKS,
    seed,
    strict: false,
    cells,
  };
}

interface Tally {
  regression: number;
  pass: number;
  inconclusive: number;
  blocks: number;
  runs: number;
}

/** Judges `runs` made-up runs; `prepared` may change the cells that are judged. */
function simulate(
  effect: Effect,
  runs = RUNS,
  prepared: (cells: readonly ObservedCell[]) => readonly ObservedCell[] = (cells) => cells,
  noise = STEADY,
): Tally {
  const tally: Tally = { regression: 0, pass: 0, inconclusive: 0, blocks: 0, runs };
  for (let run = 0; run < runs; run++) {
    const seed = SEED * 1_000_000 + FROM + run;
    const answer = answerTo(observed(prepared(simulatedRun(seed, effect, noise).cells), seed));
    tally[answer.verdict]++;
    tally.blocks += answer.look;
  }
  return tally;
}

/** A share with its 95 % interval (Wilson 1927). */
function share(count: number, of: number): string {
  const z = 1.959964;
  const p = count / of;
  const middle = (p + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  const text = (value: number): string => (100 * value).toFixed(2);
  return `${text(p)} % (${text(Math.max(0, middle - half))} to ${text(Math.min(1, middle + half))})`;
}

function line(name: string, tally: Tally): void {
  const { runs, regression, pass, inconclusive, blocks } = tally;
  console.log(
    `| ${name} | ${runs} | ${share(regression, runs)} | ${share(pass, runs)} | ${share(inconclusive, runs)} | ${(blocks / runs).toFixed(1)} |`,
  );
}

function changed(factor: number, ...metrics: string[]): Effect {
  return (scenario, metric) => {
    if (scenario !== 0 || !metrics.includes(metric)) return 1;
    return metric === "throughput" ? 1 / factor : factor;
  };
}

const EVERY_TIME = ["p50", "p90", "p95", "p99", "throughput", "cpu"];

/** A true change that is just what is allowed: about half may be red, next to none green. */
function atLimit(metric: string): void {
  const limit = LIMITS[metric]!;
  line(`${metric} of one endpoint at its limit of ${limit * 100} %`, simulate(changed(1 + limit, metric)));
}

function withLimit(metric: string, limit: number) {
  return (cells: readonly ObservedCell[]): readonly ObservedCell[] =>
    cells.map((cell) => (cell.metric === metric && cell.scenario === "0" ? { ...cell, limit } : cell));
}

/** No limit and no proof: any difference counts, so that only the joint test itself speaks. */
function withoutLimits(cells: readonly ObservedCell[]): readonly ObservedCell[] {
  return cells.map((cell) => ({ ...cell, limit: 1e-9, proof: false }));
}

/** Green waits for what it waits for by default. */
function withDefaultProof(cells: readonly ObservedCell[]): readonly ObservedCell[] {
  return cells.map((cell) => ({ ...cell, proof: DEFAULT_GATES[cell.metric as Metric].proof }));
}

/** The noise of a service that stalls, on two processors. */
function stalling(): void {
  const runs = Math.min(RUNS, 200);
  const row = (name: string, effect: Effect, prepared?: typeof withDefaultProof): void => {
    line(name, simulate(effect, runs, prepared, STALLING));
  };
  row("unchanged, stalling service", UNCHANGED, withDefaultProof);
  row("the same, green waits for p90 and p95 too", UNCHANGED);
  row("+10 % on one endpoint, stalling service", changed(1.1, ...EVERY_TIME), withDefaultProof);
  row("+20 % on one endpoint, stalling service", changed(1.2, ...EVERY_TIME), withDefaultProof);
}

function head(): void {
  console.log("| runs of | number | regression | pass | inconclusive | blocks, mean |");
  console.log("| --- | ---: | ---: | ---: | ---: | ---: |");
}

/** The usual tests on p50 of the first scenario, over the first 20 blocks of the same runs. */
function rivals(factor: number): void {
  const runs = RUNS;
  const found = { fixed: 0, fixedAny: 0, pooled: 0, welch: 0, wilcoxon: 0, gate: 0 };
  for (let run = 0; run < runs; run++) {
    const seed = SEED * 1_000_000 + FROM + run;
    const { cells, levels } = simulatedRun(seed, changed(factor, ...EVERY_TIME));
    const p50 = cells.find((cell) => cell.scenario === "0" && cell.metric === "p50")!;
    const [base, candidate] = [p50.values["base"]!.slice(0, 20), p50.values["head"]!.slice(0, 20)];
    const random = seededRandom(seed, "requests");
    const requests = [levels.base, levels.head].map((of) =>
      pooledRequests(of.slice(0, 20), REQUESTS, random),
    );
    if (fixedLimit(base, candidate, 0.1)) found.fixed++;
    if (cells.some((cell) => exceeds(cell, 0.1))) found.fixedAny++;
    if (mannWhitney(requests[0]!, requests[1]!)) found.pooled++;
    if (welch(base, candidate)) found.welch++;
    if (signedRank(base, candidate)) found.wilcoxon++;
    if (answerTo(observed(cells, seed)).verdict === "regression") found.gate++;
  }
  const name = factor === 1 ? "unchanged" : `${Math.round((factor - 1) * 100)} % slower`;
  const row = [found.fixed, found.fixedAny, found.pooled, found.welch, found.wilcoxon, found.gate];
  console.log(`| ${name} | ${row.map((count) => share(count, runs)).join(" | ")} |`);
}

function exceeds(cell: ObservedCell, limit: number): boolean {
  if (cell.scale === "difference") return false;
  const [base, candidate] = [cell.values["base"]!, cell.values["head"]!];
  return cell.worse === "higher" ? fixedLimit(base, candidate, limit) : candidate[0]! / base[0]! < 1 - limit;
}

/** 70 cells, 40 blocks, 9,999 flips, both directions, written out in full. */
function speed(): void {
  const cells = Array.from({ length: 3 }, (_, copy) =>
    simulatedRun(SEED + copy).cells.map((cell) => ({ ...cell, scenario: `${copy} ${cell.scenario ?? ""}` })),
  )
    .flat()
    .filter((cell) => cell.scale === "log")
    .slice(0, 70)
    .map((cell) => ({ ...cell, limit: cell.limit / 100 }));
  const observations = { ...observed(cells, SEED), looks: [] };
  const start = performance.now();
  const { cells: judged } = judge(observations);
  const ms = performance.now() - start;
  const megabytes = process.resourceUsage().maxRSS / 1024;
  console.log(
    `${judged.length} cells, 40 blocks, 9,999 flips: ${ms.toFixed(0)} ms, peak of the process ${megabytes.toFixed(0)} MB`,
  );
}

/** How clear large worsenings are with few blocks. */
function clear(): void {
  const shifts = [0.1, 0.2, 1];
  console.log("| blocks, alpha | +10 % | +20 % | +100 % |");
  console.log("| --- | ---: | ---: | ---: |");
  for (const [blocks, alpha] of [
    [6, 0.05],
    [8, 0.05],
    [12, 0.005],
  ] as const) {
    const runs = Math.min(RUNS, 300);
    const found = shifts.map((shift) => share(runs * foundAtOneLook(blocks, alpha, shift, runs, SEED), runs));
    console.log(`| ${blocks}, ${alpha} | ${found.join(" | ")} |`);
  }
}

/** How often a cell of an endpoint in which nothing changed is called worse, beside one that is 10 % slower. */
function beside(): void {
  let wrong = 0;
  for (let run = 0; run < RUNS; run++) {
    const seed = SEED * 1_000_000 + FROM + run;
    const cells = withoutLimits(simulatedRun(seed, changed(1.1, ...EVERY_TIME)).cells);
    const judgement = judge(observed(cells, seed));
    if (judgement.cells.some((cell) => cell.scenario !== "0" && cell.verdict === "regressed")) wrong++;
  }
  console.log(
    `unchanged cells called worse beside one endpoint that is, no limits: ${share(wrong, RUNS)} of ${RUNS} runs`,
  );
}

const SECTIONS: Readonly<Record<string, () => void>> = {
  unchanged: () => {
    line("unchanged code", simulate(UNCHANGED));
  },
  ten: () => {
    line("+10 % on one endpoint", simulate(changed(1.1, ...EVERY_TIME)));
  },
  narrow: () => {
    line("+5 % of one p50, limit 3 %", simulate(changed(1.05, "p50"), RUNS, withLimit("p50", 0.03)));
  },
  "at-limit-p50": () => {
    atLimit("p50");
  },
  "at-limit-p95": () => {
    atLimit("p95");
  },
  "at-limit-cpu": () => {
    atLimit("cpu");
  },
  rivals: () => {
    console.log(
      "| first endpoint | fixed 10 %, p50, one pair | fixed 10 %, any cell, one pair | Mann-Whitney, pooled requests | Welch, blocks | Wilcoxon, blocks | Tailgate, all cells |",
    );
    console.log("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (const factor of [1, 1.05, 1.1]) rivals(factor);
  },
  speed,
  clear,
  beside,
  stalling,
  plain: () => {
    line("unchanged, max-T without limits", simulate(UNCHANGED, RUNS, withoutLimits));
  },
};

const wanted = options.only.split(",");
const unknown = wanted.find((name) => !Object.hasOwn(SECTIONS, name));
if (unknown !== undefined || !(RUNS > 0)) {
  console.error(`no section ${unknown ?? ""}; there are ${Object.keys(SECTIONS).join(", ")}`);
  process.exitCode = 2;
} else {
  const apart = ["speed", "rivals", "clear", "beside"];
  // First of all: the peak of memory must not hold what the simulations left.
  if (wanted.includes("speed")) speed();
  if (wanted.some((name) => !apart.includes(name))) head();
  for (const name of wanted) if (!apart.includes(name)) SECTIONS[name]!();
  if (wanted.includes("rivals")) SECTIONS["rivals"]!();
  if (wanted.includes("clear")) clear();
  if (wanted.includes("beside")) beside();
}
