import { type Share, shareWithInterval } from "../stats/binomial.js";
import { median } from "../stats/quantile.js";
import type { Tried } from "./experiments.js";

/** How often runs came to which verdict. */
export interface Rates {
  readonly runs: number;
  /** As many separate runs as the blocks behind these are worth; the intervals rest on it. */
  readonly separateRuns: number;
  readonly failed: Share;
  readonly passed: Share;
  readonly inconclusive: Share;
  /** Mean number of blocks, and median time, until the verdict. */
  readonly blocks: number;
  readonly measuringMs: number;
  /** How often each gated cell regressed, of all runs. */
  readonly regressed: Readonly<Record<string, number>>;
}

/** Rates of runs that share no block; `null` when there is no run. */
export function ratesOf(tried: readonly Tried[]): Rates | null {
  return rates(tried, tried.length);
}

/**
 * Rates of resampled runs. They share blocks, so their intervals count only as many runs as would fit into the blocks
 * side by side.
 *
 * @param pairedBlocks - blocks of two arms that share no launch
 */
export function resampledRates(tried: readonly Tried[], pairedBlocks: number): Rates | null {
  if (tried.length === 0) return null;
  return rates(tried, Math.min(tried.length, pairedBlocks / meanBlocks(tried)));
}

function rates(tried: readonly Tried[], separateRuns: number): Rates | null {
  if (tried.length === 0) return null;
  const share = (verdict: Tried["verdict"]): Share => {
    const count = tried.filter((one) => one.verdict === verdict).length;
    return shareWithInterval((count / tried.length) * separateRuns, separateRuns);
  };
  const regressed: Record<string, number> = {};
  for (const cell of tried.flatMap((one) => one.regressed)) regressed[cell] = (regressed[cell] ?? 0) + 1;
  return {
    runs: tried.length,
    separateRuns,
    failed: share("regression"),
    passed: share("pass"),
    inconclusive: share("inconclusive"),
    blocks: meanBlocks(tried),
    measuringMs: median(tried.map((one) => one.measuringMs)),
    regressed,
  };
}

function meanBlocks(tried: readonly Tried[]): number {
  return tried.reduce((sum, one) => sum + one.blocks, 0) / tried.length;
}
