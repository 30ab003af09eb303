/** Terms beyond 1/x^8 of the asymptotic series are below 1e-10 from here on. */
const ASYMPTOTIC_FROM = 10;

/** Derivative of ln Γ at `x` > 0: recurrence, then Abramowitz and Stegun 6.3.18. */
export function digamma(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < ASYMPTOTIC_FROM; at++) shift -= 1 / at;
  const square = 1 / (at * at);
  return (
    shift +
    Math.log(at) -
    0.5 / at -
    square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square / 240)))
  );
}

/** Second derivative of ln Γ at `x` > 0: recurrence, then Abramowitz and Stegun 6.4.12. */
export function trigamma(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < ASYMPTOTIC_FROM; at++) shift += 1 / (at * at);
  const square = 1 / (at * at);
  return shift + (1 + 0.5 / at + square * (1 / 6 - square * (1 / 30 - square * (1 / 42 - square / 30)))) / at;
}

/** The x > 0 with trigamma(x) = `value`, by bisection: trigamma falls from infinity to 0. */
export function inverseTrigamma(value: number): number {
  let low = 1e-6;
  let high = 1e9;
  for (let i = 0; i < 200 && high / low > 1 + 1e-12; i++) {
    const middle = Math.sqrt(low * high);
    if (trigamma(middle) > value) low = middle;
    else high = middle;
  }
  return Math.sqrt(low * high);
}
