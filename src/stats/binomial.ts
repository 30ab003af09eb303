import { incompleteBeta } from "./incomplete-beta.js";

/** A share of trials with the interval for the true one. */
export interface Share {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Share of successes with its 95 % interval of Clopper and Pearson (1934), "The use of confidence or fiducial limits
 * illustrated in the case of the binomial". Where none or all succeeded only one side is open, and it gets the whole
 * 5 %: none of 20 says "below 13.9 %".
 *
 * @param successes - between 0 and `trials`; need not be whole, so that dependent trials can be counted for less
 * @param trials - above 0
 */
export function shareWithInterval(successes: number, trials: number): Share {
  if (!(trials > 0) || !(successes >= 0 && successes <= trials)) {
    throw new RangeError(`a share needs 0 to ${trials} successes of more than 0 trials, not ${successes}`);
  }
  const share = successes / trials;
  const tail = successes === 0 || successes === trials ? 0.05 : 0.025;
  return {
    share,
    low: successes === 0 ? 0 : betaQuantile(tail, successes, trials - successes + 1),
    high: successes === trials ? 1 : betaQuantile(1 - tail, successes + 1, trials - successes),
  };
}

/** The x with I_x(a, b) = `probability`, by bisection. */
function betaQuantile(probability: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (incompleteBeta(middle, a, b) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
