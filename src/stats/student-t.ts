import { gammaln } from "simple-statistics";

/**
 * Regularised incomplete beta function I_x(a, b) by its continued fraction (DLMF 8.17.22), evaluated with the
 * modified method of Lentz (Thompson and Barnett 1986). Relative error about 1e-13 for the a and b met here.
 */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast only on this side of the mean; the other side follows by symmetry.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(gammaln(a + b) - gammaln(a) - gammaln(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1), tiny);
  let fraction = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d, tiny);
    c = nonZero(1 + even / c, tiny);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d, tiny);
    c = nonZero(1 + odd / c, tiny);
    const step = d * c;
    fraction *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return front * fraction;
}

function nonZero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

/** P(T > t) of Student's t for `t >= 0`; exact in the far tail, where 1 - P(T <= t) would round to 0. */
function upperTail(t: number, degreesOfFreedom: number): number {
  return 0.5 * incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5);
}

/** P(T <= t) of Student's t with `degreesOfFreedom` > 0 (Abramowitz and Stegun 26.7.1). */
export function tCumulative(t: number, degreesOfFreedom: number): number {
  if (t < 0) return upperTail(-t, degreesOfFreedom);
  return 1 - upperTail(t, degreesOfFreedom);
}

/**
 * Quantile of Student's t: the t with P(T <= t) = `probability`, to about 12 digits, by bisection of the tail.
 *
 * @param probability - strictly between 0 and 1
 * @throws RangeError for a probability outside (0, 1) or degrees of freedom that are not above 0
 */
export function tQuantile(probability: number, degreesOfFreedom: number): number {
  if (!(probability > 0 && probability < 1)) {
    throw new RangeError(`a t quantile needs a probability between 0 and 1, not ${probability}`);
  }
  if (!(degreesOfFreedom > 0)) {
    throw new RangeError(`Student's t needs degrees of freedom above 0, not ${degreesOfFreedom}`);
  }
  if (probability < 0.5) return -tQuantile(1 - probability, degreesOfFreedom);
  const tail = 1 - probability;
  let low = 0;
  let high = 1;
  while (upperTail(high, degreesOfFreedom) > tail && high < 1e300) high *= 2;
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (upperTail(middle, degreesOfFreedom) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
