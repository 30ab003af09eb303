import { knownMetric } from "../metrics/metrics.js";
import type { Observations } from "../model/observations.js";
import type { ObservedCell } from "../model/observed-cell.js";

/** Above this share of errors a block of the candidate counts as failing... */
const FAILING_SHARE = 0.01;
/** ...if the baseline's share stays under this one. */
const SOUND_SHARE = 0.001;
/** One stray reset is no regression; three failing blocks are. */
const FAILING_BLOCKS = 3;

/** Number of blocks after which this arm is known to fail requests that the baseline serves; `null`: never. */
export function failsFrom(cell: ObservedCell, baseline: string, arm: string): number | null {
  if (
    knownMetric(cell.metric)?.countsFailures !== true ||
    cell.scale !== "difference" ||
    cell.worse !== "higher"
  )
    return null;
  const sound = cell.values[baseline]!;
  let failing = 0;
  for (const [block, share] of cell.values[arm]!.entries()) {
    if (share > FAILING_SHARE && sound[block]! < SOUND_SHARE) failing++;
    if (failing === FAILING_BLOCKS) return block + 1;
  }
  return null;
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
