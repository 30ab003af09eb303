import type { Block, Distrust, Doubt } from "./block.js";

/** Whether this is a matter of the machine's noise, which one block may have. */
export function isDoubt(found: Distrust): found is Doubt {
  return found.kind === "generator-busy" || found.kind === "dispatch-late" || found.kind === "rate-missed";
}

/** Fewer blocks than this say nothing about a run. */
const FEWEST_BLOCKS = 6;

/** The doubts that more than half of a run's blocks share: then it is not noise but how the run was. */
export function lastingDoubts(blocks: readonly Block[]): Doubt[] {
  if (blocks.length < FEWEST_BLOCKS) return [];
  const doubts = blocks.flatMap((block) => block.doubts);
  return doubts.filter((doubt, index) => {
    const isFirst = doubts.findIndex((other) => other.kind === doubt.kind) === index;
    const having = blocks.filter((block) => block.doubts.some((other) => other.kind === doubt.kind));
    return isFirst && having.length > blocks.length / 2;
  });
}
