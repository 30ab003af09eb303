import { quoted } from "../text/escape.js";
import type { ObservedCell } from "./observed-cell.js";

/** Numbers in one document; keeps the sign flips of a document below half a minute. */
export const MOST_VALUES = 1_000_000;

interface Fault {
  readonly message: string;
  readonly hint?: string;
}

/** What only shows when all cells are seen side by side: the first cell at fault, `null` where there is none. */
export function faultOfCells(
  cells: readonly ObservedCell[],
  baseline: string,
): (Fault & { readonly index: number }) | null {
  const seen: Seen = { blocks: null, names: new Set(), values: 0 };
  for (const [index, cell] of cells.entries()) {
    const fault = faultOfArms(cell, baseline) ?? faultBeside(seen, cell, baseline);
    if (fault !== null) return { ...fault, index };
  }
  return null;
}

/** Every arm has a value for each block of the baseline, and there is something to compare. */
function faultOfArms({ values }: ObservedCell, baseline: string): Fault | null {
  const arms = Object.keys(values);
  if (!arms.includes(baseline)) return { message: `has no values for the baseline ${quoted(baseline)}` };
  if (arms.length < 2) return { message: `has no arm to compare with the baseline ${quoted(baseline)}` };
  const blocks = values[baseline]!.length;
  const uneven = arms.find((arm) => values[arm]!.length !== blocks);
  if (uneven === undefined) return null;
  return {
    message: `has ${values[uneven]!.length} blocks of ${quoted(uneven)} where the baseline has ${blocks}`,
    hint: "Every arm needs one value for every block, in the same order.",
  };
}

interface Seen {
  blocks: number | null;
  readonly names: Set<string>;
  values: number;
}

/** What a cell may not be, given those before it. */
function faultBeside(seen: Seen, { scenario, metric, values }: ObservedCell, baseline: string): Fault | null {
  const blocks = values[baseline]!.length;
  seen.blocks ??= blocks;
  if (blocks !== seen.blocks) {
    return {
      message: `has ${blocks} blocks where cell 1 has ${seen.blocks}`,
      hint: "All cells come from the same blocks: their signs are flipped together.",
    };
  }
  const name = JSON.stringify([scenario, metric]);
  if (seen.names.has(name)) return { message: "is there twice" };
  seen.names.add(name);
  seen.values += blocks * Object.keys(values).length;
  if (seen.values > MOST_VALUES) return { message: `brings the document to more than ${MOST_VALUES} values` };
  return null;
}
