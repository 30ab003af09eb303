import type { Observations } from "../../model/observations.js";

/** Number of blocks that were measured. A cell whose scenario was settled before the end has fewer. */
export function blockCount({ cells, baseline }: Observations): number {
  return Math.max(0, ...cells.map((cell) => cell.values[baseline]?.length ?? 0));
}

/** The observations as they were after so many blocks. */
export function firstBlocks(observations: Observations, blocks: number): Observations {
  if (blocks >= blockCount(observations)) return observations;
  const cells = observations.cells.map((cell) => {
    const values = Object.entries(cell.values).map(([arm, row]) => [arm, row.slice(0, blocks)] as const);
    return { ...cell, values: Object.fromEntries(values) };
  });
  const { runners } = observations;
  return { ...observations, cells, ...(runners === undefined ? {} : { runners: runners.slice(0, blocks) }) };
}
