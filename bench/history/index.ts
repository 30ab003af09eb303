import type { Step } from "../../src/bisection/posterior.js";
import { nextStep } from "../../src/bisection/search.js";
import { changePoints } from "../../src/stats/change-points.js";
import { seededRandom, type Random } from "../../src/stats/random.js";

/*
 * Simulations behind docs/history.md: npm run bench:history -- [bisect|creep] [--runs N]
 */

const [what = "bisect", flag, count] = process.argv.slice(2);
const runs = flag === "--runs" ? Number(count) : 1_000;

function gauss(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** One bisection of 64 commits. */
function bisect(
  effect: number,
  error: number,
  seed: number,
): { readonly right: boolean; readonly steps: number } {
  const random = seededRandom(seed, "bisect");
  const culprit = 1 + Math.floor(random() * 64);
  const steps: Step[] = [];
  for (;;) {
    const next = nextStep(64, steps, { confidence: 0.95, mostSteps: 40 });
    if (next.do === "stop") {
      const { first, last } = next.suspect;
      return { right: next.why === "found" && first <= culprit && culprit <= last, steps: steps.length };
    }
    const worsening = (next.place >= culprit ? effect : 0) + error * gauss(random);
    steps.push({ place: next.place, evidence: { kind: "measured", worsening, error } });
  }
}

/** Plain halving that believes every comparison: worse than half of the effect is bad. */
function halve(effect: number, error: number, seed: number): boolean {
  const random = seededRandom(seed, "bisect");
  const culprit = 1 + Math.floor(random() * 64);
  let [low, high] = [0, 64];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const worsening = (middle >= culprit ? effect : 0) + error * gauss(random);
    if (worsening > effect / 2) high = middle;
    else low = middle;
  }
  return high === culprit;
}

interface Alarms {
  readonly release: number;
  readonly changePoint: number;
  readonly chain: number;
}

const WEEKS = 12;

/** The first week in which each of three ways is alarmed; Infinity: in none of twelve. */
function creep(perMerge: number, error: number, machines: number, seed: number): Alarms {
  const random = seededRandom(seed, "creep");
  const medians: number[] = [];
  let [level, chained, variance] = [0, 0, 0];
  let [release, changePoint, chain] = [Infinity, Infinity, Infinity];
  // A quarter of a year before the creep begins.
  for (let run = 0; run < 60; run++) medians.push(machines * gauss(random) + error * gauss(random));
  for (let week = 1; week <= WEEKS; week++) {
    for (let merge = 0; merge < 5; merge++) {
      level += perMerge;
      medians.push(level + machines * gauss(random) + error * gauss(random));
      chained += perMerge + error * gauss(random);
      variance += error ** 2;
    }
    // A gate of 5 %: shown to be worse than 0.4 of it, and measured at it or beyond.
    const side = level + error * gauss(random);
    if (side - 2.6 * error > 0.02 && side >= 0.05) release = Math.min(release, week);
    if (chained - 2.6 * Math.sqrt(variance) > 0) chain = Math.min(chain, week);
    const points = changePoints(medians);
    if (points.some(({ index, meanBefore, meanAfter }) => index > 40 && meanAfter > meanBefore))
      changePoint = Math.min(changePoint, week);
  }
  return { release, changePoint, chain };
}

function share(values: readonly boolean[]): string {
  return `${((100 * values.filter(Boolean).length) / values.length).toFixed(1)} %`;
}

function median(values: readonly number[]): string {
  const middle = values.toSorted((a, b) => a - b)[values.length >> 1]!;
  return middle === Infinity ? "none" : String(middle);
}

const seeds = Array.from({ length: runs }, (_, seed) => seed + 1);
if (what === "bisect") {
  for (const [name, effect] of [
    ["8 %", Math.log(1.08)],
    ["4 %", Math.log(1.04)],
  ] as const) {
    for (const error of [0.005, 0.01, 0.02]) {
      const found = seeds.map((seed) => bisect(effect, error, seed));
      const steps = found.reduce((sum, one) => sum + one.steps, 0) / found.length;
      console.log(
        `+${name}, error ${error * 100} %: right ${share(found.map(({ right }) => right))}, ${steps.toFixed(1)} comparisons; plain halving right ${share(seeds.map((seed) => halve(effect, error, seed)))}`,
      );
    }
  }
} else {
  for (const perMerge of [0.004, 0]) {
    for (const error of [0.005, 0.01]) {
      const alarms = seeds.map((seed) => creep(perMerge, error, 0.1, seed));
      const column = (of: (one: Alarms) => number): string => {
        const weeks = alarms.map(of);
        return `median week ${median(weeks)}, ever in ${WEEKS} weeks ${share(weeks.map((week) => week < Infinity))}`;
      };
      console.log(
        `+${perMerge * 100} % a merge, error ${error * 100} %, machines 10 %\n  release: ${column(({ release }) => release)}\n  chain: ${column(({ chain }) => chain)}\n  change points: ${column(({ changePoint }) => changePoint)}`,
      );
    }
  }
}
