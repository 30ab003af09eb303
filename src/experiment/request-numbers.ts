import type { Numbering } from "../load/phase.js";
import type { ScenarioPlan } from "../model/scenario-plan.js";
import type { FixedLoad } from "../model/schedule.js";
import { ATTEMPTS, type BlockPosition } from "./order.js";
import { MOST_CAPACITY_REQUESTS, RATE_REQUESTS } from "./load-size.js";

/*
 * Every request of a run has a number of its own, the same for every arm. It chooses the row of the data, and makes what
 * must not repeat. First come the numbers of the pilot, then those of each block and each of its attempts.
 */

/** What is sent of one scenario, phase after phase. */
const PHASES = ["warm-up", "open", "capacity"] as const;
type PhaseName = (typeof PHASES)[number];

type Sizes = Readonly<Record<PhaseName, number>>;

function pilotSizes({ load }: ScenarioPlan): Sizes {
  return { "warm-up": load.warmup, open: RATE_REQUESTS, capacity: MOST_CAPACITY_REQUESTS };
}

function blockSizes(load: FixedLoad): Sizes {
  return { "warm-up": load.warmupRequests, open: load.requests, capacity: load.capacityRequests };
}

/** Where the numbers of a phase of the pilot begin. */
export function pilotNumbering(
  scenarios: readonly ScenarioPlan[],
  scenario: string,
  phase: PhaseName,
  seed: number,
): Numbering {
  const before = scenarios.slice(
    0,
    scenarios.findIndex(({ name }) => name === scenario),
  );
  return {
    first: sumOf(before.map(pilotSizes)) + within(pilotSizes(scenarios[before.length]!), phase),
    seed,
  };
}

/** Where the numbers of a phase of a block begin. */
export function blockNumbering(
  scenarios: readonly ScenarioPlan[],
  loads: readonly FixedLoad[],
  scenario: string,
  phase: PhaseName,
  { seed, block, attempt }: BlockPosition,
): Numbering {
  const pilot = sumOf(scenarios.map(pilotSizes));
  const earlier = ((block - 1) * ATTEMPTS + attempt - 1) * sumOf(loads.map(blockSizes));
  const place = loads.findIndex((load) => load.scenario === scenario);
  const before = sumOf(loads.slice(0, place).map(blockSizes));
  return { first: pilot + earlier + before + within(blockSizes(loads[place]!), phase), seed };
}

function sumOf(sizes: readonly Sizes[]): number {
  return sizes.reduce((sum, size) => sum + PHASES.reduce((all, phase) => all + size[phase], 0), 0);
}

/** Requests of a scenario before a phase. */
function within(sizes: Sizes, phase: PhaseName): number {
  return PHASES.slice(0, PHASES.indexOf(phase)).reduce((sum, before) => sum + sizes[before], 0);
}
