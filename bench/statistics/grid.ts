import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { plannedLooks } from "../../src/stats/alpha-spending.js";
import { decisionOn } from "../../src/verdict/judging/judge.js";
import { OBSERVATIONS_SCHEMA } from "../../src/model/observations.js";
import { INTERFERENCES, NOISES } from "./interference.js";
import { simulatedRun, UNCHANGED } from "./noise.js";
import { wilson } from "./table.js";

/*
 * Unchanged code on every machine that we can think of: how often does a run turn red? Two endpoints, 14 gated cells,
 * which is harder than more: the more cells there are, the less likely the luck of a block is shared by all.
 */

const GRID_BLOCKS = [6, 7, 8, 11, 12, 20, 40];
const ENDPOINTS = 2;

/** One cell of the grid. */
export interface GridPlace {
  readonly blocks: number;
  readonly noise: string;
  readonly interference: string;
}

/** Runs of one place, and how many turned red. */
export interface GridCount extends GridPlace {
  readonly alpha: number;
  readonly seed: number;
  readonly from: number;
  readonly runs: number;
  readonly red: number;
}

export function gridPlaces(): GridPlace[] {
  return Object.keys(INTERFERENCES).flatMap((interference) =>
    Object.keys(NOISES).flatMap((noise) => GRID_BLOCKS.map((blocks) => ({ blocks, noise, interference }))),
  );
}

/** Judges the unchanged runs `from` to `from + runs` of a place. */
export function countRed(
  place: GridPlace,
  { alpha, seed, from, runs }: Pick<GridCount, "alpha" | "seed" | "from" | "runs">,
): GridCount {
  let red = 0;
  for (let run = from; run < from + runs; run++) {
    const own = seedOf(place, seed, run);
    const { cells } = simulatedRun(own, UNCHANGED, NOISES[place.noise], {
      blocks: place.blocks,
      scenarios: ENDPOINTS,
      interference: INTERFERENCES[place.interference]!,
    });
    const { verdict } = decisionOn({
      schema: OBSERVATIONS_SCHEMA,
      baseline: "base",
      control: null,
      alpha,
      looks: plannedLooks(place.blocks),
      seed: own,
      strict: false,
      cells,
    });
    if (verdict === "regression") red++;
  }
  return { ...place, alpha, seed, from, runs, red };
}

/** Every place has runs of its own: luck that places share would look like a rule. */
function seedOf({ blocks, noise, interference }: GridPlace, seed: number, run: number): number {
  const places = [Object.keys(INTERFERENCES), Object.keys(NOISES), GRID_BLOCKS.map(String)];
  const place = [interference, noise, String(blocks)].reduce(
    (number, name, axis) => number * 10 + places[axis]!.indexOf(name),
    0,
  );
  return (seed * 1000 + place) * 1_000_000 + run;
}

/**
 * The whole grid, in parts of `PART` runs so that it can be stopped: what `keep` holds is not judged again. A place whose
 * interval reaches above the highest share that is claimed gets ten times the runs, which tell luck from a fault.
 *
 * @param keep - path of a file to which each part is added as a line
 */
export function grid(
  options: Pick<GridCount, "alpha" | "seed" | "runs">,
  keep: string | undefined,
): GridCount[] {
  const kept = keep !== undefined && existsSync(keep) ? readKept(keep) : [];
  const own = (): GridCount[] =>
    kept.filter(({ alpha, seed }) => alpha === options.alpha && seed === options.seed);
  const count = (places: readonly GridPlace[], runs: number): void => {
    for (let from = 0; from < runs; from += PART) {
      for (const place of places) {
        const part = { ...options, from, runs: Math.min(PART, runs - from) };
        if (kept.some((one) => isPart(one, place, part))) continue;
        const counted = countRed(place, part);
        kept.push(counted);
        if (keep !== undefined) appendFileSync(keep, `${JSON.stringify(counted)}\n`);
      }
    }
  };
  count(gridPlaces(), options.runs);
  const doubtful = gridPlaces().filter((place) => highestShare(countsAt(place, own())) > HIGHEST_CLAIMED);
  count(doubtful, MORE_RUNS * options.runs);
  return own();
}

/** Upper end of the interval that no place shall exceed. */
const HIGHEST_CLAIMED = 0.015;
const MORE_RUNS = 10;
const PART = 250;

function isPart(count: GridCount, place: GridPlace, part: Omit<GridCount, keyof GridPlace | "red">): boolean {
  return (
    count.blocks === place.blocks &&
    count.noise === place.noise &&
    count.interference === place.interference &&
    count.alpha === part.alpha &&
    count.seed === part.seed &&
    count.from === part.from &&
    count.runs === part.runs
  );
}

function readKept(path: string): GridCount[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as GridCount);
}

/** One row for each interference and noise, one column for each number of blocks. */
export function gridTable(counts: readonly GridCount[]): string {
  const lines = [
    `| machine | ${GRID_BLOCKS.join(" | ")} |`,
    `| --- | ${GRID_BLOCKS.map(() => "---:").join(" | ")} |`,
  ];
  for (const interference of Object.keys(INTERFERENCES)) {
    for (const noise of Object.keys(NOISES)) {
      const cells = GRID_BLOCKS.map((blocks) => {
        const own = countsAt({ interference, noise, blocks }, counts);
        return `${redShare(own)} (${percent(highestShare(own))})`;
      });
      lines.push(`| ${noise}, ${interference} | ${cells.join(" | ")} |`);
    }
  }
  return lines.join("\n");
}

function countsAt({ interference, noise, blocks }: GridPlace, counts: readonly GridCount[]): GridCount[] {
  return counts.filter(
    (count) => count.interference === interference && count.noise === noise && count.blocks === blocks,
  );
}

function redShare(counts: readonly GridCount[]): string {
  return percent(total(counts, "red") / total(counts, "runs"));
}

/** Upper end of the 95 % interval. */
function highestShare(counts: readonly GridCount[]): number {
  return wilson(total(counts, "red"), total(counts, "runs")).high;
}

function percent(share: number): string {
  return (100 * share).toFixed(2);
}

function total(counts: readonly GridCount[], what: "red" | "runs"): number {
  return counts.reduce((sum, count) => sum + count[what], 0);
}
