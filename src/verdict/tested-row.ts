import { locate, TRIM, type Location } from "../stats/location.js";
import { median } from "../stats/quantile.js";
import { tQuantile } from "../stats/student-t.js";
import type { ObservedCell } from "../model/observed-cell.js";

/** Share of its limit by which a metric may truly change without a false "regression" being counted as one. */
const NEGLIGIBLE_SHARE = 0.4;

/** Confidence of the intervals that are shown. */
export const CONFIDENCE = 0.95;

/** One cell and candidate arm on the scale on which it is tested, where positive is worse. */
export interface TestedRow {
  readonly cell: ObservedCell;
  readonly arm: string;
  /** Medians over blocks, in the cell's unit. */
  readonly baseline: number;
  readonly candidate: number;
  /** One difference a block: of logarithms, or of shares. */
  readonly differences: Float64Array;
  readonly trim: number;
  readonly location: Location;
  /** The limit on this scale, floor included. */
  readonly limit: number;
  /** The shift that is tested against. */
  readonly negligible: number;
  /** The limit or what a person accepted, whichever is more: a worsening up to here does not fail the run. */
  readonly tolerated: number;
  /** Shares that are 0 in every block of both arms: there is nothing to test. */
  readonly silent: boolean;
}

/** @throws RangeError for fewer than two blocks */
export function testedRow(cell: ObservedCell, baseline: string, arm: string, strict: boolean): TestedRow {
  const before = cell.values[baseline]!;
  const after = cell.values[arm]!;
  const sign = cell.worse === "higher" ? 1 : -1;
  const logarithmic = cell.scale === "log";
  const differences = Float64Array.from(
    after,
    (value, i) => sign * (logarithmic ? Math.log(value / before[i]!) : value - before[i]!),
  );
  const trim = logarithmic ? TRIM : 0;
  const medianBefore = median(before);
  const limit = worseningOnScale(cell, cell.limit, medianBefore);
  return {
    cell,
    arm,
    baseline: medianBefore,
    candidate: median(after),
    differences,
    trim,
    location: locate(differences, trim),
    limit,
    negligible: strict ? limit : NEGLIGIBLE_SHARE * limit,
    tolerated:
      cell.accepted === null ? limit : Math.max(limit, worseningOnScale(cell, cell.accepted, medianBefore)),
    silent: !logarithmic && before.every((share) => share === 0) && after.every((share) => share === 0),
  };
}

/** A limit on the scale of the test, at least the floor. */
function worseningOnScale(cell: ObservedCell, limit: number, medianBefore: number): number {
  if (cell.scale === "difference") return Math.max(limit, cell.floor);
  const worsening = Math.max(limit, cell.floor / medianBefore);
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

/** The change of a row as it is shown, with `CONFIDENCE`. */
export function changeInterval({ cell, location }: TestedRow): ChangeInterval {
  const reach = tQuantile((1 + CONFIDENCE) / 2, location.degreesOfFreedom) * location.standardError;
  const ends = [location.mean - reach, location.mean + reach].map((shift) => asChange(cell, shift));
  return { change: asChange(cell, location.mean), low: Math.min(...ends), high: Math.max(...ends) };
}
