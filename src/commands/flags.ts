import { TailgateError } from "../error.js";

/** What a number on the command line may be. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  /** Whether fractions are refused. */
  readonly whole: boolean;
}

/**
 * Strict: only ASCII digits, no exponent, no sign.
 *
 * @param or - what may stand there instead, for the hint: " or `max`"
 * @throws TailgateError "config" that gives the range
 */
export function numberFlag(text: string, flag: string, { min, max, whole }: NumberRange, or = ""): number {
  const pattern = whole ? /^[0-9]{1,12}$/ : /^[0-9]{1,12}(\.[0-9]{1,6})?$/;
  const value = pattern.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  const kind = whole ? "a whole number" : "a number";
  throw wrongFlag(flag, text, `Give ${kind} from ${min} to ${max}${or}, in plain digits.`);
}

/** A flag whose value cannot be used; shows no more of it than fits a line. */
export function wrongFlag(flag: string, value: string, hint: string): TailgateError {
  return new TailgateError("config", `${flag} ${JSON.stringify(value.slice(0, 80))} is not usable.`, hint);
}
