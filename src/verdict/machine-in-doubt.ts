import { descriptorOf } from "../metrics/metrics.js";
import type { Block, MachineNoise } from "../model/block.js";
import type { ResultCell } from "../model/result.js";
import { LOOKS } from "../stats/alpha-spending.js";
import { formatLimitPercent } from "../text/format-quantity.js";

/** From so many blocks on, whatever disturbs single ones evens out. */
export const ENOUGH_BLOCKS = LOOKS[0]!;

/** One kind of disturbance, and from how much of it on a block counts as disturbed. */
interface Disturbance {
  /** With `%` in the place of the limit. */
  readonly what: string;
  readonly share: keyof MachineNoise;
  readonly much: number;
}

/**
 * A machine with next to nothing left for the run: what an arm is given in its burst depends on the other work more than on
 * its code. One of two processors busy (0.5) still leaves the run the other.
 */
const SATURATED: readonly Disturbance[] = [
  { what: "other work took more than % of the processors' time", share: "otherWorkShare", much: 0.7 },
];

/** What may look like a regression while there are too few blocks to even it out. */
const DISTURBED: readonly Disturbance[] = [
  // A quiet run has 0.2 to 0.4 (docs/calibration.md).
  {
    what: "some task waited for a processor in more than % of the time",
    share: "cpuPressureShare",
    much: 0.5,
  },
  { what: "the hypervisor took more than % of the time", share: "stealShare", much: 0.1 },
];

/** Why a machine is not believed when it shows a regression. */
export interface Doubt {
  readonly why: string;
  /** Whether a dozen blocks would be believed on the same machine. */
  readonly goesWithMoreBlocks: boolean;
}

/**
 * Why a regression cannot be believed although the test finds one. The test assumes that what disturbs a block could as
 * well have hit the other arm. A neighbour that keeps the rhythm of the run does not; with a dozen blocks that evens out,
 * unless the machine has next to nothing left for the run. `null` where nothing speaks against it.
 */
export function machineInDoubt(blocks: readonly Block[]): Doubt | null {
  const saturated = inMostBlocks(blocks, SATURATED);
  if (saturated !== null) return { why: saturated, goesWithMoreBlocks: false };
  const disturbed = blocks.length < ENOUGH_BLOCKS ? inMostBlocks(blocks, DISTURBED) : null;
  return disturbed === null ? null : { why: disturbed, goesWithMoreBlocks: true };
}

function inMostBlocks(blocks: readonly Block[], disturbances: readonly Disturbance[]): string | null {
  for (const { what, share, much } of disturbances) {
    const count = blocks.filter(({ machine }) => (machine[share] ?? 0) > much).length;
    if (count > blocks.length / 2)
      return `${what.replace("%", formatLimitPercent(much))} in ${count} of ${blocks.length} blocks`;
  }
  return null;
}

/** The rows of a run whose machine is in doubt: what looks worse is not shown to be, unless it is far beyond all doubt. */
export function withoutDoubtful(cells: readonly ResultCell[]): ResultCell[] {
  return cells.map((cell) =>
    cell.verdict === "regressed" && cell.gated && !isDoubled(cell)
      ? { ...cell, verdict: "inconclusive" }
      : cell,
  );
}

/** Whether the whole interval says twice as much, or half as fast: no neighbour does that to one arm alone, block after block. */
function isDoubled({ metric, low, high }: ResultCell): boolean {
  const { scale, worse } = descriptorOf(metric);
  if (scale !== "log" || low === null || high === null) return false;
  return worse === "higher" ? low > 1 : high < -0.5;
}
