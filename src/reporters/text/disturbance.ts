import { median } from "../../stats/quantile.js";
import { formatPercent } from "../../text/format-quantity.js";
import type { Result } from "../../model/result.js";
import { countedBlocks } from "./paired-series.js";

/** The hypervisor took this share of the processors' time: on a quiet machine it takes less than a hundredth. */
const MUCH_STEAL = 0.05;
/** Other work took this share of the processors' time while no arm ran: a quarter is half of one of two. */
const MUCH_OTHER_WORK = 0.25;
/**
 * Some task waited for a processor for this share of the time; the load alone gives a fifth to two thirds of it, and a
 * service of many processes more. Asked only where nobody looked who kept the processors busy.
 */
const MUCH_PRESSURE = 0.8;

/**
 * What disturbed the machine in half of the counted blocks or more, for the line in which a verdict is read; `null`:
 * nothing that stands out.
 */
export function disturbanceOf(result: Result): string | null {
  const machines = countedBlocks(result).map(({ machine }) => machine);
  const steal = typical(machines.map(({ stealShare }) => stealShare));
  const pressure = typical(machines.map(({ cpuPressureShare }) => cpuPressureShare));
  const wasLooked = machines.some(({ otherWorkShare }) => otherWorkShare !== undefined);
  // Nobody looks where little waits: there is little other work then.
  const otherWork = typical(machines.map(({ otherWorkShare }) => otherWorkShare ?? 0));
  const parts = [
    ...(steal >= MUCH_STEAL ? [`the hypervisor took ${formatPercent(steal)} of its CPU time`] : []),
    ...(otherWork >= MUCH_OTHER_WORK ? [`other work took ${formatPercent(otherWork)} of its CPU time`] : []),
    ...(!wasLooked && pressure >= MUCH_PRESSURE
      ? [`tasks waited for a processor ${formatPercent(pressure)} of the time`]
      : []),
  ];
  return parts.length === 0 ? null : parts.join(", ");
}

function typical(shares: readonly (number | null)[]): number {
  const known = shares.filter((share) => share !== null);
  return known.length === 0 ? 0 : median(known);
}
