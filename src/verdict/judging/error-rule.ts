import { knownMetric } from "../../metrics/metrics.js";
import type { Observations } from "../../model/observations.js";
import type { ObservedCell } from "../../model/observed-cell.js";
import { shownReach, type TestedRow } from "./tested-row.js";

/** Above this share of errors a block of the candidate counts as failing... */
const FAILING_SHARE = 0.01;
/** ...if the baseline's share stays under this one. */
const SOUND_SHARE = 0.001;
/** One stray reset is no regression; three failing blocks are. */
const FAILING_BLOCKS = 3;

/**
 * Number of blocks after which this arm is known to fail requests that the baseline serves; `null`: never. A baseline
 * that fails alone in some block, or that fails more in all, is no yardstick: then the joint test decides.
 */
export function failsFrom(cell: ObservedCell, baseline: string, arm: string): number | null {
  if (
    knownMetric(cell.metric)?.countsFailures !== true ||
    cell.scale !== "difference" ||
    cell.worse !== "higher"
  )
    return null;
  const sound = cell.values[baseline]!;
  let failing = 0;
  let more = 0;
  for (const [block, share] of cell.values[arm]!.entries()) {
    const before = sound[block]!;
    if (before > FAILING_SHARE && share < SOUND_SHARE) return null;
    if (share > FAILING_SHARE && before < SOUND_SHARE) failing++;
    more += share - before;
    if (failing >= FAILING_BLOCKS && more > 0) return block + 1;
  }
  return null;
}

/**
 * The interval of a difference that this rule found. Where only one arm fails it lies above nothing, however much it
 * moves from block to block: so it is taken on the logarithmic scale (delta method), and no share is above 1.
 */
export function failingInterval({ location }: TestedRow): { readonly low: number; readonly high: number } {
  const factor = Math.exp(shownReach(location) / location.mean);
  return { low: location.mean / factor, high: Math.min(1, location.mean * factor) };
}

/** Number of blocks after which some gated arm fails by the rule for errors: a regression at once, without a look. */
export function regressedByErrorsFrom(observations: Observations): number | null {
  const { baseline, control, cells } = observations;
  const ends = cells
    .filter((cell) => cell.gated)
    .flatMap((cell) =>
      Object.keys(cell.values)
        .filter((arm) => arm !== baseline && arm !== control)
        .map((arm) => failsFrom(cell, baseline, arm)),
    )
    .filter((block) => block !== null);
  return ends.length === 0 ? null : Math.min(...ends);
}
