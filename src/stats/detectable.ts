import { tQuantile } from "./student-t.js";

/** Probability with which the smallest detectable change would have been found. */
const DETECTION_PROBABILITY = 0.8;

/**
 * Smallest true worsening that a look of this precision finds with 80 %: it must clear both the test against the
 * negligible shift, at the family's critical value, and the limit itself. From the standard error and the plan alone,
 * never from the observed shift ("observed power" would only restate the p-value: Hoenig and Heisey 2001).
 *
 * @returns in the unit of the standard error; infinite where no change could be significant
 */
export function smallestDetectable(look: {
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  /** Critical value of the largest T. */
  readonly criticalT: number;
  readonly limit: number;
  readonly negligible: number;
}): number {
  const reach = tQuantile(DETECTION_PROBABILITY, look.degreesOfFreedom) * look.standardError;
  return Math.max(look.negligible + look.criticalT * look.standardError + reach, look.limit + reach);
}
