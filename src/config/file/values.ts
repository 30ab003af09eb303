import { z } from "zod";
import { sentAsWritten } from "./as-written.js";
import { type Parsed, parseDurationMs, parsePercent } from "./parse-quantity.js";
import { writtenDuration } from "./write-quantity.js";

/*
 * Kinds of values in tailgate.yml. What is said here goes into the JSON Schema that editors read, and from there into
 * docs/configuration.md.
 */

/** What editors and the documentation say about a key. */
export interface About {
  readonly description: string;
  readonly examples: readonly unknown[];
  /** As a user would write it; left out where nothing stands in for a missing key. */
  readonly default?: unknown;
}

/** Text with a number and a unit, parsed; `pattern` lets an editor see a missing unit. */
export function quantity(parser: (text: string) => Parsed, units: string, about: About) {
  return z
    .string({ error: ({ input }) => (typeof input === "number" ? unitMissing(input) : undefined) })
    .meta({ ...about, pattern: `^\\s*[0-9]+(\\.[0-9]+)? ?(${units})\\s*$` })
    .transform((text, context) => {
      const parsed = parser(text);
      if (parsed.ok) return parsed.value;
      context.addIssue({ code: "custom", message: parsed.problem });
      return z.NEVER;
    });
}

function unitMissing(number: number): string {
  return `must be text with its unit: \`${number}\` of what?`;
}

export const DURATION_UNITS = "us|µs|ms|s|m|min|h";

export const duration = (minimumMs: number, maximumMs: number, about: About) =>
  quantity(parseDurationMs, DURATION_UNITS, about).refine((ms) => ms >= minimumMs && ms <= maximumMs, {
    message: `must be between \`${writtenDuration(minimumMs)}\` and \`${writtenDuration(maximumMs)}\``,
  });

export const positivePercent = (about: About) =>
  quantity(parsePercent, "%", about).refine((share) => share > 0 && share <= 1, {
    message: "must be above 0% and at most 100%; to measure a metric without gating it, write `off`",
  });

export const text = (maximum: number) => z.string().min(1).max(maximum);

/** Sent to the service, or given to it, as it stands in the file. */
export const scalar = z
  .union(
    [
      z.string(),
      z.number().register(sentAsWritten, { as: "text" }),
      z.boolean().register(sentAsWritten, { as: "text" }),
    ],
    { error: "write text, a number, or `true` or `false`" },
  )
  .transform(String);

export const environment = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is not a name for an environment variable"),
  scalar,
);

export const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "is not a name for a header");
export const headerValue = scalar.refine((value) => !/[\r\n\0]/.test(value), {
  message: "must be on one line",
});

export const path = z
  .string()
  .max(8000)
  .regex(/^\/[!-~]*$/, "must start with `/` and hold no spaces; write other characters percent-encoded")
  .refine((value) => !value.startsWith("//"), {
    message: "must not start with `//`: only the service itself is measured",
  });

export const fileName = z
  .string()
  .min(1)
  .max(1000)
  .refine((value) => !value.startsWith("/") && !value.split(/[\\/]/).includes(".."), {
    message: "must be a path inside of the repository",
  });

export const dataFile = fileName.refine((value) => /\.(csv|tsv|ndjson|jsonl)$/i.test(value), {
  message: "must end with .csv, .tsv, .ndjson or .jsonl",
});

export const shortName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "must be letters, digits, `.`, `_`, `-`; at most 64");

export const method = z
  .string()
  .regex(/^[A-Za-z]{1,20}$/, "is not an HTTP method")
  .transform((name) => name.toUpperCase());

const status = z.int().min(100).max(599);

/** One status code or several, as a list. */
export const statuses = z.union([status.transform((code) => [code]), z.array(status).min(1)], {
  error: "write a status code from 100 to 599, or a list of them",
});
