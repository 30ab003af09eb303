import { quoted } from "../text/escape.js";
import type { ObservedCell } from "./observed-cell.js";

/** Numbers in one document; keeps the sign flips of a document below half a minute. */
export const MOST_VALUES = 1_000_000;

/** The parts of a document that cells are seen in. */
interface Cells {
  readonly baseline: string;
  readonly looks: readonly number[];
  readonly cells: readonly ObservedCell[];
}

interface Fault {
  readonly message: string;
  readonly hint?: string;
}

/** What only shows when all cells are seen side by side: the first cell at fault, `null` where there is none. */
export function faultOfCells(document: Cells): (Fault & { readonly index: number }) | null {
  const seen: Seen = { longest: longestCell(document), names: new Set(), values: 0 };
  for (const [index, cell] of document.cells.entries()) {
    const fault = faultOfArms(cell, document.baseline) ?? faultBeside(seen, cell, document);
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
  readonly longest: { readonly blocks: number; readonly place: number };
  readonly names: Set<string>;
  values: number;
}

/** Number of blocks that were measured, and the place of the first cell that has them all, from 1. */
function longestCell({ cells, baseline }: Cells): Seen["longest"] {
  const lengths = cells.map(({ values }) => values[baseline]?.length ?? 0);
  const blocks = Math.max(...lengths);
  return { blocks, place: lengths.indexOf(blocks) + 1 };
}

/** What a cell may not be, given those beside it. */
function faultBeside(
  seen: Seen,
  { scenario, metric, values }: ObservedCell,
  { baseline, looks }: Cells,
): Fault | null {
  const blocks = values[baseline]!.length;
  const { longest } = seen;
  if (blocks !== longest.blocks && !looks.includes(blocks)) {
    return {
      message: `has ${blocks} blocks where cell ${longest.place} has ${longest.blocks}`,
      hint: "All cells come from the same blocks: their signs are flipped together. Fewer are those up to one of the looks, after which a settled scenario was not measured.",
    };
  }
  const name = JSON.stringify([scenario, metric]);
  if (seen.names.has(name)) return { message: "is there twice" };
  seen.names.add(name);
  seen.values += blocks * Object.keys(values).length;
  if (seen.values > MOST_VALUES) return { message: `brings the document to more than ${MOST_VALUES} values` };
  return null;
}
