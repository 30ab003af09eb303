import { OBSERVATIONS_SCHEMA, type Observations } from "../../src/model/observations.js";
import { seededRandom } from "../../src/stats/random.js";
import { judge } from "../../src/verdict/judging/judge.js";
import { judgedByRunners } from "../../src/verdict/judging/runners.js";
import { mean } from "../../src/stats/sum.js";
import { madeUpCell } from "./made-up-cell.js";
import { normal } from "./noise.js";
import { share } from "./table.js";

const CELLS = 8;
/** Spread of a block's paired log ratio. */
const NOISE = 0.025;
const LIMIT = 0.05;
/** Exactly what is still allowed, tested by `strict` against just that: where a false red is likeliest. */
const EDGE = Math.log1p(LIMIT);
const BLOCKS = 40;
const RUNNERS = [2, 4, 6, 8, 10, 12, 16];

/** A run of made-up runners: the effect of each is drawn about the fleet's, the same in all cells. */
function observed(
  seed: number,
  runners: number,
  effect: number,
  between: number,
  alpha: number,
): Observations & { readonly own: number } {
  const random = seededRandom(seed, `shards ${runners}`);
  const each = Math.ceil(BLOCKS / runners);
  const effects = Array.from({ length: runners }, () => effect + between * normal(random));
  const runnerOf = Array.from({ length: each * runners }, (_, block) => block % runners);
  return {
    schema: OBSERVATIONS_SCHEMA,
    baseline: "base",
    control: null,
    alpha,
    looks: [each * runners],
    seed,
    strict: effect === EDGE,
    runners: runnerOf,
    own: mean(effects),
    cells: Array.from({ length: CELLS }, (_, cell) =>
      madeUpCell(cell, LIMIT, {
        base: runnerOf.map(() => 1),
        head: runnerOf.map((runner) => Math.exp(effects[runner]! + NOISE * normal(random))),
      }),
    ),
  };
}

/**
 * Runs divided among 2 to 16 runners, 40 blocks or a few more in all. Red is told of a fleet whose change is exactly at the
 * limit, with `strict`; the interval is asked whether it holds the fleet's change, and the mean change of just these runners.
 */
export function shards(runs: number, seed: number, alpha: number): void {
  console.log(
    "| runners | differ by | judged on | false red | +10 % found | interval holds the fleet's change | that of these runners |",
  );
  console.log("| ---: | ---: | --- | ---: | ---: | ---: | ---: |");
  for (const between of [0, 0.01]) {
    for (const runners of RUNNERS) {
      const count = { red: 0, found: 0, fleet: 0, own: 0 };
      let means = false;
      for (let run = 0; run < runs; run++) {
        const edge = observed(seed * 1_000_000 + run, runners, EDGE, between, alpha);
        means = judgedByRunners(edge.runners!, alpha);
        const { verdict, cells } = judge(edge);
        if (verdict === "regression" || cells.some((cell) => cell.verdict === "regressed")) count.red++;
        const { low, high } = cells[0]!;
        if (low <= Math.expm1(EDGE) && Math.expm1(EDGE) <= high) count.fleet++;
        if (low <= Math.expm1(edge.own) && Math.expm1(edge.own) <= high) count.own++;
        const slower = observed(seed * 2_000_000 + run, runners, Math.log(1.1), between, alpha);
        if (judge(slower).verdict === "regression") count.found++;
      }
      const shares = [count.red, count.found, count.fleet, count.own].map((one) => share(one, runs));
      console.log(
        `| ${runners} | ${between * 100} % | ${means ? "runner means" : "blocks"} | ${shares.join(" | ")} |`,
      );
    }
  }
}
