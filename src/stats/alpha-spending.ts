import { DRAWN_FLIPS, ENUMERATED_BLOCKS } from "./sign-vectors.js";
import { sum } from "./sum.js";

/** Numbers of blocks at which a run is judged, as far as its budget allows. */
export const LOOKS: readonly number[] = [12, 20, 30, 40];

/** With fewer blocks than this nothing is claimed: six signs have only 64 combinations. */
export const MINIMUM_BLOCKS = 6;

/** Probability of passing a cell whose true change is at its limit, over all looks. */
export const BETA = 0.05;

/** Shares of alpha and beta that the standard looks spend; little early, where a verdict saves most time anyway. */
const ALPHA_SHARES = [0.1, 0.2, 0.3, 0.4];
const BETA_SHARES = [0.4, 0.2, 0.2, 0.2];

/**
 * No single look spends more than this share of alpha. The sign flip of one look can reach its nominal error exactly,
 * when one thing moves all cells of a block together; a fifth is kept for what it assumes (docs/statistics.md).
 */
const LARGEST_SHARE = 0.8;

/** What may be spent on a decision at one number of blocks. */
export interface Spending {
  readonly blocks: number;
  /** Error allowed for "regression" here. */
  readonly alpha: number;
  /** Error allowed for "within its limit" here. */
  readonly beta: number;
  /** Whether this is the last word. */
  readonly last: boolean;
}

/**
 * The looks of a run that can have at most this many blocks, fixed before its first block. The last possible block is
 * the last look; with fewer than the first look there is one.
 */
export function plannedLooks(maximumBlocks: number): number[] {
  const blocks = Math.min(maximumBlocks, LOOKS.at(-1)!);
  return [...LOOKS.filter((look) => look < blocks), blocks];
}

/**
 * The fewest blocks with which a run can turn red by the statistics: one of all the ways to flip signs must be no more
 * than a single look may spend. Infinite where even that is too much.
 *
 * @param alpha - of the whole run
 */
export function fewestBlocksForRed(alpha: number): number {
  const blocks = Math.max(MINIMUM_BLOCKS, Math.ceil(-Math.log2(LARGEST_SHARE * alpha)));
  if (blocks <= ENUMERATED_BLOCKS) return blocks;
  return LARGEST_SHARE * alpha >= 1 / (DRAWN_FLIPS + 1) ? blocks : Infinity;
}

/**
 * Shares of the error that `looks` looks spend. They add up to no more than 1, so the sum bounds the error however
 * correlated the looks are (Bonferroni). Up to four looks it is the standard split with the rest at the last; beyond
 * that alpha grows linearly and beta spends two parts first.
 */
export function errorShares(looks: number): { readonly alpha: number[]; readonly beta: number[] } {
  if (looks <= ALPHA_SHARES.length) {
    return { alpha: endingEarly(ALPHA_SHARES, looks), beta: endingEarly(BETA_SHARES, looks) };
  }
  const alpha = Array.from({ length: looks }, (_, i) => (2 * (i + 1)) / (looks * (looks + 1)));
  const beta = Array.from({ length: looks }, (_, i) => (i === 0 ? 2 : 1) / (looks + 1));
  return { alpha, beta };
}

function endingEarly(shares: readonly number[], looks: number): number[] {
  const first = shares.slice(0, looks - 1);
  return [...first, 1 - sum(first)];
}

/**
 * What is spent at this number of blocks, in order: the share of the look that was planned here, and, where no block
 * follows, whatever is left. Nothing between looks while blocks follow.
 *
 * @param looks - planned, ascending; empty: one look when the blocks end
 * @param alpha - of the whole run
 * @param ends - no further block follows
 */
export function spendingAt(
  looks: readonly number[],
  alpha: number,
  blocks: number,
  ends: boolean,
): readonly Spending[] {
  const planned = looks.length === 0 ? [Infinity] : looks;
  const shares = errorShares(planned.length);
  const before = planned.filter((look) => look < blocks).length;
  if (before === planned.length) return [];
  const isLook = planned[before] === blocks;
  const isLast = ends || (isLook && before === planned.length - 1);
  const spent: Spending[] = [];
  if (isLook && before < planned.length - 1) {
    spent.push({
      blocks,
      alpha: alpha * shares.alpha[before]!,
      beta: BETA * shares.beta[before]!,
      last: false,
    });
  }
  if (isLast) {
    const left = (of: readonly number[]): number => 1 - sum(of.slice(0, before));
    const alphaLeft = Math.min(LARGEST_SHARE, left(shares.alpha));
    spent.push({ blocks, alpha: alpha * alphaLeft, beta: BETA * left(shares.beta), last: true });
  }
  return spent;
}
