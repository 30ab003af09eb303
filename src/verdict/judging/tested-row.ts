import { locate, TRIM, type Location } from "../../stats/location.js";
import { median } from "../../stats/quantile.js";
import { tQuantile } from "../../stats/student-t.js";
import type { ObservedCell } from "../../model/observed-cell.js";
import { meansOfRunners } from "./runners.js";

/** Share of its limit by which a metric may truly change without a false "regression" being counted as one. */
export const NEGLIGIBLE_SHARE = 0.4;

/** Confidence of the intervals that are shown. */
export const CONFIDENCE = 0.95;

/** One cell and candidate arm on the scale on which it is tested, where positive is worse. */
export interface TestedRow {
  readonly cell: ObservedCell;
  readonly arm: string;
  /** Medians over blocks, in the cell's unit. */
  readonly baseline: number;
  readonly candidate: number;
  /** One difference a block, or a runner where there are enough: of logarithms, or of shares. */
  readonly differences: Float64Array;
  readonly trim: number;
  readonly location: Location;
  /** The limit or the floor, whichever is more, as a worsening in the unit of the cell's limit. */
  readonly effectiveLimit: number;
  /** The effective limit on the scale of the test. */
  readonly limit: number;
  /** The shift that is tested against. */
  readonly negligible: number;
  /** The limit or what a person accepted, whichever is more: a worsening up to here does not fail the run. */
  readonly tolerated: number;
  /** Shares that are 0 in every block of both arms: there is nothing to test. */
  readonly silent: boolean;
}

/**
 * @param runners - where their means are judged: which runner measured each block
 * @throws RangeError for fewer than two blocks
 */
export function testedRow(
  cell: ObservedCell,
  baseline: string,
  arm: string,
  strict: boolean,
  runners?: readonly number[],
): TestedRow {
  const before = cell.values[baseline]!;
  const after = cell.values[arm]!;
  const sign = cell.worse === "higher" ? 1 : -1;
  const logarithmic = cell.scale === "log";
  const ofBlocks = Float64Array.from(
    after,
    (value, i) => sign * (logarithmic ? Math.log(value / before[i]!) : value - before[i]!),
  );
  const differences = runners === undefined ? ofBlocks : meansOfRunners(ofBlocks, runners);
  const trim = logarithmic ? TRIM : 0;
  const medianBefore = median(before);
  const effectiveLimit = withFloor(cell, cell.limit, medianBefore);
  const limit = worseningOnScale(cell, effectiveLimit);
  return {
    cell,
    arm,
    baseline: medianBefore,
    candidate: median(after),
    differences,
    trim,
    location: locate(differences, trim),
    effectiveLimit,
    limit,
    negligible: strict ? limit : NEGLIGIBLE_SHARE * limit,
    tolerated:
      cell.accepted === null
        ? limit
        : Math.max(limit, worseningOnScale(cell, withFloor(cell, cell.accepted, medianBefore))),
    silent: !logarithmic && before.every((share) => share === 0) && after.every((share) => share === 0),
  };
}

/** A limit or the floor, whichever is more, in the unit of the limit. */
function withFloor(cell: ObservedCell, limit: number, medianBefore: number): number {
  return Math.max(limit, cell.scale === "difference" ? cell.floor : cell.floor / medianBefore);
}

/** An allowed worsening on the scale of the test. */
function worseningOnScale(cell: ObservedCell, worsening: number): number {
  if (cell.scale === "difference") return worsening;
  if (cell.worse === "higher") return Math.log1p(worsening);
  // Nothing falls by all of itself: a floor above the baseline's own size cannot be crossed.
  return worsening < 1 ? -Math.log1p(-worsening) : Infinity;
}

/** A shift on the scale of the test as a change of the metric in its own direction. */
export function asChange(cell: ObservedCell, shift: number): number {
  const own = cell.worse === "higher" ? shift : -shift;
  return (cell.scale === "log" ? Math.expm1(own) : own) + 0;
}

/** A change of a metric in its own direction, and the two-sided interval in which it truly may lie. */
export interface ChangeInterval {
  readonly change: number;
  readonly low: number;
  readonly high: number;
}

/** The change of a row as it is shown, with `CONFIDENCE`. Where no error ever occurred there is nothing to estimate. */
export function changeInterval({ cell, location, silent }: TestedRow): ChangeInterval {
  const reach = silent ? 0 : shownReach(location);
  const ends = [location.mean - reach, location.mean + reach].map((shift) => asChange(cell, shift));
  return { change: asChange(cell, location.mean), low: Math.min(...ends), high: Math.max(...ends) };
}

/** Half the width of the interval that is shown, on the scale of the test. */
export function shownReach({ degreesOfFreedom, standardError }: Location): number {
  return tQuantile((1 + CONFIDENCE) / 2, degreesOfFreedom) * standardError;
}
