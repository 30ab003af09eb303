import { median } from "../../stats/quantile.js";
import { formatPercent } from "../../text/format-quantity.js";
import type { Result } from "../../model/result.js";
import { countedBlocks } from "./paired-series.js";

/** The hypervisor took this share of the processors' time: on a quiet machine it takes less than a hundredth. */
const MUCH_STEAL = 0.05;
/** Some task waited for a processor for this share of the time; the load alone gives a fifth to two thirds of it. */
const MUCH_PRESSURE = 0.8;

/**
 * What disturbed the machine in half of the counted blocks or more, for the line in which a verdict is read; `null`:
 * nothing that stands out.
 */
export function disturbanceOf(result: Result): string | null {
  const machines = countedBlocks(result).map(({ machine }) => machine);
  const steal = typical(machines.map(({ stealShare }) => stealShare));
  const pressure = typical(machines.map(({ cpuPressureShare }) => cpuPressureShare));
  const parts = [
    ...(steal >= MUCH_STEAL ? [`the hypervisor took ${formatPercent(steal)} of its CPU time`] : []),
    ...(pressure >= MUCH_PRESSURE
      ? [`tasks waited for a processor ${formatPercent(pressure)} of the time`]
      : []),
  ];
  return parts.length === 0 ? null : parts.join(", ");
}

function typical(shares: readonly (number | null)[]): number {
  const known = shares.filter((share) => share !== null);
  return known.length === 0 ? 0 : median(known);
}
