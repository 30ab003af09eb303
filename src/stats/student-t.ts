import { incompleteBeta } from "./incomplete-beta.js";

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
