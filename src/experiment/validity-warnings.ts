import type { Block, ValidityFailure, ValidityWarning } from "../model/block.js";

const DOUBTS: readonly string[] = [
  "generator-busy",
  "generator-starved",
  "dispatch-late",
  "rate-missed",
] satisfies ValidityWarning["kind"][];

/** Whether this is a matter of the machine's noise, which one block may have. */
export function isValidityWarning(found: ValidityFailure): found is ValidityWarning {
  return DOUBTS.includes(found.kind);
}

/** Fewer blocks than this say nothing about a run. */
const FEWEST_BLOCKS = 6;

/** The doubts that more than half of a run's blocks share: then it is not chance but how the run was. */
export function lastingWarnings(blocks: readonly Block[]): ValidityWarning[] {
  if (blocks.length < FEWEST_BLOCKS) return [];
  const doubts = blocks.flatMap((block) => block.doubts);
  return doubts.filter((doubt, index) => {
    const isFirst = doubts.findIndex((other) => other.kind === doubt.kind) === index;
    const having = blocks.filter((block) => block.doubts.some((other) => other.kind === doubt.kind));
    return isFirst && having.length > blocks.length / 2;
  });
}

/**
 * Whether a lasting doubt makes a run worthless. A generator that is busy itself, or that mostly waits for its
 * processor, adds its own delay to every latency: changes look smaller than they are. One that is late now and then, on
 * a machine that others use as well, sends both arms the same late requests and counts from their actual write: that is
 * noise, which the test deals with, and a line in the report.
 */
export function isFatal(doubt: ValidityWarning): boolean {
  return doubt.kind === "generator-busy" || doubt.kind === "generator-starved";
}
