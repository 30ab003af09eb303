import type { Block, ValidityFailure, ValidityWarning } from "../model/block.js";
import { MINIMUM_BLOCKS } from "../stats/alpha-spending.js";

const WARNINGS: Readonly<Record<ValidityWarning["kind"], true>> = {
  "generator-busy": true,
  "generator-starved": true,
  "dispatch-late": true,
  "rate-missed": true,
};

/** Whether the failure comes from a noisy machine, which one block may have. */
export function isValidityWarning(failure: ValidityFailure): failure is ValidityWarning {
  return Object.hasOwn(WARNINGS, failure.kind);
}

/** The warnings that more than half of a run's blocks share: then they are no chance, but how the run went. */
export function lastingWarnings(blocks: readonly Block[]): ValidityWarning[] {
  if (blocks.length < MINIMUM_BLOCKS) return [];
  const warnings = blocks.flatMap((block) => block.doubts);
  return warnings.filter((warning, index) => {
    const isFirst = warnings.findIndex((other) => other.kind === warning.kind) === index;
    const having = blocks.filter((block) => block.doubts.some((other) => other.kind === warning.kind));
    return isFirst && having.length > blocks.length / 2;
  });
}

/**
 * Whether a lasting warning makes a run worthless. A generator that is busy itself, or that mostly waits for its
 * processor, adds its own delay to every latency, and changes look smaller than they are. A generator that is late now
 * and then, on a machine that others use as well, is late for both arms alike, and latency counts from the actual write:
 * that is noise, which the test deals with, and a line in the report.
 */
export function isFatal(warning: ValidityWarning): boolean {
  return warning.kind === "generator-busy" || warning.kind === "generator-starved";
}
