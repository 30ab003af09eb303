import { tQuantile } from "../../stats/student-t.js";
import type { TestedRow } from "./tested-row.js";

/** Probability with which the bounds of the last looks are taken; see the shares of beta. */
const BOUND_PROBABILITY = 0.99;

/** No more than this is ever asked for: beyond it, the limit or the noise has to change. */
const MOST_BLOCKS = 400;

/**
 * Blocks after which this row would be settled if its shift stayed as it was seen, from its standard error alone, which
 * shrinks with the square root of their number. An estimate, to be read as an order of size.
 *
 * @returns `null` where the shift is so close to the limit that no budget in sight would tell
 */
export function blocksToSettle(row: TestedRow): number | null {
  const { n, mean, standardError, degreesOfFreedom } = row.location;
  const reach = tQuantile(BOUND_PROBABILITY, degreesOfFreedom) * standardError;
  const room = mean < row.tolerated ? row.tolerated - mean : mean - row.negligible;
  if (room <= 0) return null;
  const blocks = Math.max(n + 1, Math.ceil(n * (reach / room) ** 2));
  return blocks <= MOST_BLOCKS ? blocks : null;
}
