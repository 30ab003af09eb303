import { descriptorOf } from "../metrics/metrics.js";
import type { Block } from "../model/block.js";
import type { ResultCell } from "../model/result.js";
import { LOOKS } from "../stats/alpha-spending.js";
import { formatLimitPercent } from "../text/format-quantity.js";

/** From so many blocks on, whatever disturbs single ones evens out. */
export const ENOUGH_BLOCKS = LOOKS[0]!;

/** Share of a block's time in which some task waited for a processor; a quiet run has 0.2 to 0.4 (docs/calibration.md). */
const MUCH_PRESSURE = 0.5;
/** Share of the processors' time that the hypervisor gave to others. */
const MUCH_STEAL = 0.1;

/**
 * Why a regression cannot be believed although the test finds one: few blocks, most of them on a machine that did much
 * else. The test assumes that what disturbs a block could as well have hit the other arm; with a dozen blocks that evens
 * out, with fewer a neighbour that keeps the rhythm of the run does not. `null` where nothing speaks against it.
 */
export function machineInDoubt(blocks: readonly Block[]): string | null {
  if (blocks.length >= ENOUGH_BLOCKS) return null;
  const disturbed = [
    ["some task waited for a processor in more than", MUCH_PRESSURE, "cpuPressureShare"],
    ["the hypervisor took more than", MUCH_STEAL, "stealShare"],
  ] as const;
  for (const [what, much, share] of disturbed) {
    const count = blocks.filter(({ machine }) => (machine[share] ?? 0) > much).length;
    if (count > blocks.length / 2)
      return `${what} ${formatLimitPercent(much)} of the time in ${count} of ${blocks.length} blocks`;
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
