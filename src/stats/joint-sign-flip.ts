import { flippableRow, flipRow } from "./flipped-row.js";
import type { Random } from "./random.js";
import { flipsUndoneByTrimming, signVectors, signVectorsTried } from "./sign-vectors.js";

/** One row of a family: values from which the shift under test has been taken. */
export interface FamilyRow {
  readonly values: Float64Array | readonly number[];
  /** Share cut from each end. */
  readonly trim: number;
}

/** What the joint sign flip found for a family of rows. */
export interface JointSignFlip {
  /** Adjusted p of each row among all rows, in the order given. */
  readonly pAdjusted: readonly number[];
  /** The same by stepping down: each row among those that are less clear than it. Never more than `pAdjusted`. */
  readonly pStepDown: readonly number[];
  /**
   * The T from which on a row's adjusted p is at most `alpha` among the rows of these places, all by default; infinite
   * where no T could do that.
   */
  readonly criticalT: (alpha: number, among?: readonly number[]) => number;
}

/** A row that is less clear than this cannot be of interest: stepping down ends with it. */
const STEP_DOWN_UNTIL = 0.1;

/**
 * Max-T of Westfall and Young (1993) by sign flipping: one vector of signs, shared by all rows, flips the values of each
 * block in every row; the largest T over the rows is kept. The adjusted p of a row is the share of flips whose largest T
 * reaches its own: all 2^n flips up to `ENUMERATED_BLOCKS` blocks, else (1 + count) / (1 + `DRAWN_FLIPS`) with drawn
 * ones (Phipson and Smyth 2010: never 0). Stepping down (the same, chapter 2.6), the clearest row is then set aside, and
 * the others are judged among themselves: what is beside a large change does not look less clear for it.
 *
 * One refinement, among the very top of the flips alone. Flipping no more values than trimming then cuts leaves T much
 * as it was, whatever the shift: these sum_{k <= g} C(n, k) flips would keep p from falling below 7 of 64 with six
 * blocks and 79 of 4096 with twelve, so that a doubled latency could look less clear than one that grew by a tenth. So
 * that many of the largest T are told apart by the trimmed mean without its error, in units of a size that no flip
 * changes. Which flips they are and how they are ranked does not depend on which of them was observed, so the p of a
 * family in which nothing changed is as exact as before. It does depend on the family: among those flips, and only
 * there, a row's p can be smaller beside another row than alone.
 *
 * @param rows - all with the same number of values, two or more
 */
export function jointSignFlip(rows: readonly FamilyRow[], random: Random): JointSignFlip {
  const first = rows[0];
  if (first === undefined) return { pAdjusted: [], pStepDown: [], criticalT: () => Infinity };
  const n = first.values.length;
  if (n < 2 || rows.some(({ values }) => values.length !== n)) {
    throw new RangeError("the rows of a family need the same number of values, two or more");
  }
  const family = flippedFamily(rows, n, random);
  const all = rows.map((_, index) => index);
  const together = judgedAmong(all, family);
  return {
    pAdjusted: together.p,
    pStepDown: steppedDown(all, together.p, family),
    criticalT: (alpha, among) => {
      const allowed = Math.floor(alpha * family.tried + 1e-9);
      if (allowed < 1) return Infinity;
      const ranked = among === undefined ? together.ranked : largestTOf(among, family).sort();
      return ranked[family.tried - allowed]!;
    },
  };
}

/** T and lean of every row under every flip; the first flip changes nothing. */
interface FlippedFamily {
  readonly tried: number;
  /** As many of the largest T as trimming may make alike. */
  readonly top: number;
  /** One array a row, one number a flip. */
  readonly t: readonly Float64Array[];
  readonly lean: readonly Float64Array[];
}

function flippedFamily(rows: readonly FamilyRow[], n: number, random: Random): FlippedFamily {
  const family = rows.map(({ values, trim }) => flippableRow(values, trim));
  const tried = signVectorsTried(n);
  const t = rows.map(() => new Float64Array(tried));
  const lean = rows.map(() => new Float64Array(tried));
  let flip = 0;
  for (const flips of signVectors(n, random)) {
    family.forEach((row, index) => {
      flipRow(row, flips);
      t[index]![flip] = row.t;
      lean[index]![flip] = row.lean;
    });
    flip++;
  }
  return { tried, top: Math.max(...rows.map(({ trim }) => flipsUndoneByTrimming(n, trim))), t, lean };
}

/** The largest T over the members in every flip. */
function largestTOf(members: readonly number[], { tried, t }: FlippedFamily): Float64Array {
  const largestT = new Float64Array(tried).fill(-Infinity);
  for (const member of members) {
    const own = t[member]!;
    for (let flip = 0; flip < tried; flip++) if (own[flip]! > largestT[flip]!) largestT[flip] = own[flip]!;
  }
  return largestT;
}

/** Adjusted p of each of the `members` among them, in their order, and the largest T of every flip, ascending. */
function judgedAmong(
  members: readonly number[],
  family: FlippedFamily,
): { readonly p: readonly number[]; readonly ranked: Float64Array } {
  const { tried, top, t, lean } = family;
  const largestT = largestTOf(members, family);
  const ranked = largestT.slice().sort();
  const topFrom = top > 0 ? atLeast(ranked[tried - top]!) : Infinity;
  const leansOfTop: number[] = [];
  for (let flip = 0; flip < tried; flip++) {
    if (largestT[flip]! < topFrom) continue;
    // Only rows that are at the top by their T: another may lean more and be far less certain.
    const leaders = members.filter((member) => t[member]![flip]! >= topFrom);
    leansOfTop.push(Math.max(...leaders.map((member) => lean[member]![flip]!)));
  }
  const leans = Float64Array.from(leansOfTop).sort();
  const p = members.map((member) => {
    const [ownT, ownLean] = [t[member]![0]!, lean[member]![0]!];
    const reaching = ownT >= topFrom ? countFrom(leans, atLeast(ownLean)) : countFrom(ranked, atLeast(ownT));
    return reaching / tried;
  });
  return { p, ranked };
}

/** Adjusted p of each row, the clearest row set aside before the next is judged. */
function steppedDown(
  all: readonly number[],
  together: readonly number[],
  family: FlippedFamily,
): readonly number[] {
  const adjusted = [...together];
  let among = { members: all, p: together };
  let reached = 0;
  while (among.members.length > 1) {
    const smallest = Math.min(...among.p);
    if (smallest > STEP_DOWN_UNTIL) break;
    reached = Math.max(reached, smallest);
    const left = among.members.filter((_, index) => among.p[index]! > smallest);
    if (left.length === 0) break;
    among = { members: left, p: judgedAmong(left, family).p };
    left.forEach((member, index) => {
      adjusted[member] = Math.min(adjusted[member]!, Math.max(reached, among.p[index]!));
    });
  }
  return adjusted;
}

/** Flips that are equal on paper must count as equal: their sums may be rounded differently. */
function atLeast(value: number): number {
  return value - 1e-9 * Math.max(1, Math.abs(value));
}

/** How many of the ascending values are at or above `threshold`. */
function countFrom(ascending: Float64Array, threshold: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! >= threshold) high = middle;
    else low = middle + 1;
  }
  return ascending.length - low;
}
