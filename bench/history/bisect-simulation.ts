import type { Step } from "../../src/bisection/posterior.js";
import { nextStep } from "../../src/bisection/search.js";
import { seededRandom } from "../../src/stats/random.js";
import { normal } from "./noise.js";
import { seedsOf, share } from "./summary.js";

const COMMITS = 64;

/** How often `tailgate bisect` names the right one of 64 commits, beside plain halving. */
export function simulateBisections(runs: number): number {
  const seeds = seedsOf(runs);
  for (const percent of [8, 4]) {
    const effect = Math.log1p(percent / 100);
    for (const error of [0.005, 0.01, 0.02]) {
      const found = seeds.map((seed) => bisect(effect, error, seed));
      const steps = found.reduce((sum, one) => sum + one.steps, 0) / found.length;
      const right = share(found.map((one) => one.right));
      const halved = share(seeds.map((seed) => halve(effect, error, seed)));
      console.log(
        `+${percent} %, error ${error * 100} %: right ${right}, ${steps.toFixed(1)} comparisons; plain halving right ${halved}`,
      );
    }
  }
  return 0;
}

function bisect(
  effect: number,
  error: number,
  seed: number,
): { readonly right: boolean; readonly steps: number } {
  const random = seededRandom(seed, "bisect");
  const culprit = 1 + Math.floor(random() * COMMITS);
  const steps: Step[] = [];
  for (;;) {
    const next = nextStep(COMMITS, steps, { confidence: 0.95, mostSteps: 40 });
    if (next.do === "stop") {
      const { first, last } = next.suspect;
      return { right: next.why === "found" && first <= culprit && culprit <= last, steps: steps.length };
    }
    const worsening = (next.place >= culprit ? effect : 0) + error * normal(random);
    steps.push({ place: next.place, evidence: { kind: "measured", worsening, error } });
  }
}

/** Plain halving that believes every comparison: worse than half of the effect is bad. */
function halve(effect: number, error: number, seed: number): boolean {
  const random = seededRandom(seed, "bisect");
  const culprit = 1 + Math.floor(random() * COMMITS);
  let [low, high] = [0, COMMITS];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const worsening = (middle >= culprit ? effect : 0) + error * normal(random);
    if (worsening > effect / 2) high = middle;
    else low = middle;
  }
  return high === culprit;
}
