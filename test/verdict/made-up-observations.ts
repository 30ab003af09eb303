import { seededRandom } from "../../src/stats/random.js";
import { OBSERVATIONS_SCHEMA, type Observations } from "../../src/model/observations.js";
import type { ObservedCell } from "../../src/model/observed-cell.js";

/** Noisy values around `level`, from a seed. */
export function noisy(count: number, level: number, spread: number, seed: number): number[] {
  const random = seededRandom(seed, "noisy");
  return Array.from({ length: count }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return level * Math.exp(spread * normal);
  });
}

export interface CellChanges extends Partial<ObservedCell> {
  /** Head over base; 1.1 is 10 % more. */
  readonly factor?: number;
  readonly blocks?: number;
  readonly spread?: number;
  readonly seed?: number;
}

export function observedCell(changes: CellChanges = {}): ObservedCell {
  const { factor = 1, blocks = 40, spread = 0.01, seed = 1, ...fields } = changes;
  return {
    scenario: "list users",
    metric: "p50",
    unit: "us",
    worse: "higher",
    limit: 0.05,
    scale: "log",
    floor: 0,
    gated: true,
    proof: true,
    accepted: null,
    values: {
      base: noisy(blocks, 1000, spread, 2 * seed),
      head: noisy(blocks, 1000 * factor, spread, 2 * seed + 1),
    },
    ...fields,
  };
}

export function observations(
  cells: readonly ObservedCell[],
  changes: Partial<Observations> = {},
): Observations {
  return {
    schema: OBSERVATIONS_SCHEMA,
    baseline: "base",
    control: null,
    alpha: 0.05,
    looks: [12, 20, 30, 40],
    seed: 7,
    strict: false,
    cells,
    ...changes,
  };
}
