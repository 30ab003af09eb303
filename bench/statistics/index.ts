import { judge } from "../../src/verdict/judging/judge.js";
import { foundAtOneLook } from "./clear.js";
import { deployments } from "./deployments.js";
import { dropping } from "./dropping.js";
import { explaining } from "./explaining.js";
import { grid, gridTable } from "./grid.js";
import { atLimit, changed, EVERY_TIME, stalling, withLimit, withoutLimits } from "./effects.js";
import { simulatedRun, UNCHANGED } from "./noise.js";
import { ALPHA, FROM, KEEP, ONLY, RUNS, SEED } from "./options.js";
import { shards } from "./shards.js";
import { observed, simulate } from "./simulate.js";
import { speed } from "./speed.js";
import { head, line, share } from "./table.js";
import { againstUsualTests } from "./usual-tests.js";

/*
 * What the decision does to made-up runs whose truth is known. All from one seed: the same numbers on every machine.
 *
 *   npm run bench:statistics [-- --only unchanged,plain,... --runs 2000 --from 0 --seed 1 --alpha 0.01]
 *   npm run bench:statistics -- grid --runs 1000 --keep grid.ndjson
 */

/** How clear large worsenings are with few blocks. */
function clear(): void {
  const shifts = [0.1, 0.2, 1];
  console.log("| blocks, alpha | +10 % | +20 % | +100 % |");
  console.log("| --- | ---: | ---: | ---: |");
  for (const [blocks, alpha] of [
    [7, 0.008],
    [8, 0.008],
    [12, 0.001],
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
    for (const factor of [1, 1.05, 1.1]) againstUsualTests(factor);
  },
  grid: () => {
    console.log(gridTable(grid({ alpha: ALPHA, seed: SEED, runs: RUNS }, KEEP)));
  },
  deployments,
  dropping,
  speed,
  clear,
  beside,
  explanation: () => {
    explaining(RUNS, SEED);
  },
  shards: () => {
    shards(RUNS, SEED, ALPHA);
  },
  stalling,
  plain: () => {
    line("unchanged, max-T without limits", simulate(UNCHANGED, RUNS, withoutLimits));
  },
};

const unknown = ONLY.find((name) => !Object.hasOwn(SECTIONS, name));
if (unknown !== undefined || !(RUNS > 0)) {
  console.error(`no section ${unknown ?? ""}; there are ${Object.keys(SECTIONS).join(", ")}`);
  process.exitCode = 2;
} else {
  const apart = [
    "speed",
    "deployments",
    "grid",
    "dropping",
    "rivals",
    "clear",
    "beside",
    "explanation",
    "shards",
  ];
  // First of all: the peak of memory must not hold what the simulations left.
  if (ONLY.includes("speed")) speed();
  if (ONLY.some((name) => !apart.includes(name))) head();
  for (const name of ONLY) if (!apart.includes(name)) SECTIONS[name]!();
  if (ONLY.includes("grid")) SECTIONS["grid"]!();
  if (ONLY.includes("dropping")) dropping();
  if (ONLY.includes("deployments")) deployments();
  if (ONLY.includes("rivals")) SECTIONS["rivals"]!();
  if (ONLY.includes("clear")) clear();
  if (ONLY.includes("beside")) beside();
  if (ONLY.includes("explanation")) SECTIONS["explanation"]!();
  if (ONLY.includes("shards")) SECTIONS["shards"]!();
}
