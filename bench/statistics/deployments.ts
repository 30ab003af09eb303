import type { Observations } from "../../src/model/observations.js";
import { seededRandom } from "../../src/stats/random.js";
import { judge } from "../../src/verdict/judging/judge.js";
import { normal } from "./noise.js";
import { RUNS, SEED } from "./options.js";
import { share } from "./table.js";

/*
 * Unchanged code in deployments that were each made once: how often a run is red because head's deployment happens to be
 * slower, what one control deployment mends, and what it is when every block is of new deployments.
 */

const LIMIT = 0.05;
const BLOCKS = 12;
/** Of a paired change between blocks on the same deployments. */
const BLOCK_NOISE = 0.01;

type Kind = "alone" | "control" | "redeploy";

/** @param spread - standard deviation of the logarithm of a deployment's own speed */
function deployedRun(kind: Kind, spread: number, seed: number): Observations {
  const random = seededRandom(seed, `deployments ${kind} ${spread}`);
  const arms = kind === "control" ? ["base", "head", "control"] : ["base", "head"];
  const values = arms.map((arm) => {
    const once = spread * normal(random);
    const series = Array.from({ length: BLOCKS }, () => {
      const own = kind === "redeploy" ? spread * normal(random) : once;
      return 5000 * Math.exp(own + (BLOCK_NOISE / Math.SQRT2) * normal(random));
    });
    return [arm, series] as const;
  });
  return {
    schema: "tailgate/observations@1",
    baseline: "base",
    control: kind === "control" ? "control" : null,
    alpha: 0.01,
    looks: [],
    seed,
    strict: false,
    cells: [
      {
        scenario: "a",
        metric: "p50",
        unit: "us",
        worse: "higher",
        limit: LIMIT,
        scale: "log",
        floor: 0,
        gated: true,
        proof: true,
        accepted: null,
        values: Object.fromEntries(values),
      },
    ],
  };
}

/** Prints how often unchanged code is red and green, by how far deployments of the same code differ. */
export function deployments(): void {
  console.log(
    "| deployments differ by | red alone | red with a control | green with a control | red, made anew | green, made anew |",
  );
  console.log("| ---: | ---: | ---: | ---: | ---: | ---: |");
  for (const part of [0, 0.25, 0.5, 1, 2]) {
    const spread = part * Math.log(1 + LIMIT);
    const count = (kind: Kind, verdict: string): string => {
      let found = 0;
      for (let run = 0; run < RUNS; run++) {
        if (judge(deployedRun(kind, spread, SEED * 1_000_000 + run)).verdict === verdict) found++;
      }
      return share(found, RUNS);
    };
    const row = [
      count("alone", "regression"),
      count("control", "regression"),
      count("control", "pass"),
      count("redeploy", "regression"),
      count("redeploy", "pass"),
    ];
    console.log(`| ${(100 * (Math.exp(spread) - 1)).toFixed(2)} % | ${row.join(" | ")} |`);
  }
}
