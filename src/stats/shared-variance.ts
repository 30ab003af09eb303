import { digamma, inverseTrigamma, trigamma } from "./gamma-derivatives.js";
import { sum } from "./sum.js";

/** Variance of one row of paired differences, and the size of what was paired. */
export interface RowVariance {
  /** With `degreesOfFreedom` degrees of freedom; 0 or more. */
  readonly variance: number;
  /** Mean of both arms: the variance grows with it. Above 0. */
  readonly size: number;
}

/** Variances in which each row borrows from rows of its size. */
export interface SharedVariances {
  readonly variances: readonly number[];
  /** Of each of them: its own degrees of freedom and those that it borrowed. */
  readonly degreesOfFreedom: number;
}

/**
 * With fewer rows nothing is known about how variances spread, and each row keeps its own.
 */
const FEWEST_ROWS = 10;

/**
 * The most that a row borrows. However alike the variances are, a row of six values with one or two that stand out keeps
 * a third of its own variance, and so stays short of any critical value: its standing out is no change of the row.
 */
const MOST_BORROWED = 10;

/**
 * Moderated variances of Smyth (2004), "Linear models and empirical Bayes methods for assessing differential expression
 * in microarray experiments", with the prior variance as a trend of the row's size: the log variance is a straight line
 * of the log size, with a slope between that of counting (1) and that of changes in proportion (2). With few blocks and
 * many rows this tells a small variance from a variance that looks small by luck.
 *
 * @param degreesOfFreedom - of each row's own variance, 1 or more
 */
export function sharedVariances(rows: readonly RowVariance[], degreesOfFreedom: number): SharedVariances {
  const own = rows.map(({ variance }) => variance);
  if (rows.length < FEWEST_ROWS) return { variances: own, degreesOfFreedom };
  const half = degreesOfFreedom / 2;
  // The logarithm of a sample variance lies below that of the true one; this is by how much.
  const bias = digamma(half) - Math.log(half);
  const least = Math.max(...own) * 1e-12;
  if (!(least > 0)) return { variances: own, degreesOfFreedom };
  const logSize = rows.map(({ size }) => Math.log(size));
  const logVariance = own.map((variance) => Math.log(Math.max(variance, least)) - bias);
  const trend = line(logSize, logVariance);
  const spread =
    sum(logVariance.map((value, i) => (value - trend(logSize[i]!)) ** 2)) / (rows.length - 2) -
    trigamma(half);
  const borrowed = spread > 0 ? Math.min(MOST_BORROWED, 2 * inverseTrigamma(spread)) : MOST_BORROWED;
  const together = degreesOfFreedom + borrowed;
  return {
    variances: own.map(
      (variance, i) => (borrowed * Math.exp(trend(logSize[i]!)) + degreesOfFreedom * variance) / together,
    ),
    degreesOfFreedom: together,
  };
}

/** Least squares with the slope kept between 1 and 2. */
function line(x: readonly number[], y: readonly number[]): (at: number) => number {
  const [meanX, meanY] = [sum(x) / x.length, sum(y) / y.length];
  const spread = sum(x.map((value) => (value - meanX) ** 2));
  const slope = spread > 0 ? sum(x.map((value, i) => (value - meanX) * (y[i]! - meanY))) / spread : 1;
  const kept = Math.min(2, Math.max(1, slope));
  return (at) => meanY + kept * (at - meanX);
}
