import { z } from "zod";
import { TailgateError } from "../error.js";
import { shortened, visible } from "../text/escape.js";
import type { Result } from "./result.js";
import { RESULT_SCHEMA } from "./result.js";
import { block } from "./block.js";
import { schedule } from "./schedule.js";
import { acceptance, armRole, metric, plan } from "./plan-schema.js";
import { amount, count, instant, name, sentence, share, signed, text } from "../bounded-values.js";

const cell = z
  .object({
    scenario: name().nullable().describe("null for a cell of the service as a whole (memory)."),
    metric,
    arm: name().describe("The candidate that is compared with the baseline."),
    unit: name(),
    gated: z.boolean(),
    proof: z.boolean(),
    ungatedBecause: sentence().nullable(),
    baseline: amount().nullable().describe("Median over blocks, in unit."),
    candidate: amount().nullable().describe("Median over blocks, in unit."),
    change: signed()
      .nullable()
      .describe("Candidate over baseline minus one (difference for shares): 0.08 is 8 % more."),
    low: signed().nullable().describe("Lower bound of the two-sided 95 % interval of change."),
    high: signed().nullable().describe("Upper bound of the two-sided 95 % interval of change."),
    limit: amount().nullable().describe("The gate's limit."),
    p: share().nullable().describe("Family-wise adjusted p-value."),
    verdict: z.enum([
      "regressed",
      "improved",
      "unchanged",
      "inconclusive",
      "overloaded",
      "failing",
      "no-baseline",
      "unavailable",
    ]),
    minimumDetectable: amount()
      .nullable()
      .describe("Smallest worsening that would have been found with 80 % probability."),
    accepted: acceptance.nullable(),
  })
  .describe("One row: scenario x metric x candidate arm.");

const arm = z.object({
  name: name(),
  role: armRole,
  revision: z.object({ sha: name(), label: name(), dirty: z.boolean() }).nullable(),
  buildMs: amount().nullable(),
  usageUnavailable: sentence().nullable(),
});

const environment = z
  .object({
    tailgate: name(),
    node: name(),
    system: name(),
    cpuModel: name(),
    cores: count(),
    memoryBytes: amount(),
    placement: sentence().describe("What runs on which processors, in words."),
    runner: name().nullable(),
    attempt: count().describe("Which run of the same workflow this is: 2 and more is a re-run."),
  })
  .describe("The machine that measured.");

/** Schema of `Result`; a test holds that both say the same. */
export const resultSchema = z
  .object({
    schema: z.literal(RESULT_SCHEMA),
    verdict: z.enum(["regression", "pass", "inconclusive", "no-baseline", "invalid"]),
    reason: sentence().describe("One sentence: why."),
    seed: z.number(),
    startedAt: instant(),
    durationMs: amount(),
    arms: z.array(arm).max(100),
    plan,
    schedule: schedule.nullable().describe("null when the run ended before its pilot did."),
    environment,
    warnings: z.array(z.object({ code: name(), message: sentence() })).max(2_000),
    cells: z.array(cell).max(20_000),
    stopped: z.object({ look: count(), blocks: count(), why: sentence() }),
    blocks: z.array(block).max(1_000),
    reproduce: sentence().describe("The command that repeats this run on a developer's machine."),
    logTail: z.object({ of: name(), lines: text() }).nullable(),
  })
  .describe("What one run of Tailgate measured and decided.");

/**
 * A result from JSON that anybody may have written.
 *
 * @throws TailgateError `artifact` when it is of another kind, newer, or damaged
 */
export function parseResult(document: unknown): Result {
  const found = declaredSchema(document);
  if (found !== RESULT_SCHEMA) throw strange(found);
  const parsed = resultSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const place = issue.path.length === 0 ? "the document" : issue.path.map(String).join(".");
  throw new TailgateError(
    "artifact",
    `The result is damaged: at ${shortened(visible(place), 200)}: ${shortened(visible(issue.message), 200)}`,
    "Run the measurement again, or use the result.json as it was written.",
  );
}

/**
 * A result from the text of a `result.json`.
 *
 * @throws TailgateError `artifact` when it is not JSON, or no result that this version can read
 */
export function parseResultText(json: string): Result {
  let document: unknown;
  try {
    document = JSON.parse(json.replace(/^\ufeff/u, ""));
  } catch (cause) {
    throw new TailgateError(
      "artifact",
      json.trim() === "" ? "The result is empty." : "The result is not valid JSON; it may have been cut off.",
      "Give the result.json that `tailgate run` wrote.",
      { cause },
    );
  }
  return parseResult(document);
}

function declaredSchema(document: unknown): string | null {
  if (typeof document !== "object" || document === null || !Object.hasOwn(document, "schema")) return null;
  const { schema } = document as { schema: unknown };
  return typeof schema === "string" ? schema : null;
}

function strange(found: string | null): TailgateError {
  const version = found === null ? null : /^tailgate\/result@(\d{1,6})$/u.exec(found);
  if (version !== null) {
    return new TailgateError(
      "artifact",
      `The result was written by another version of Tailgate (${version[0]}); this one reads ${RESULT_SCHEMA}.`,
      "Use the version of Tailgate that wrote it, or a newer one.",
    );
  }
  const what = found === null ? "says no schema" : `says it is "${shortened(visible(found), 80)}"`;
  return new TailgateError(
    "artifact",
    `This is not a result of Tailgate: it ${what}.`,
    `A result.json begins with "schema": "${RESULT_SCHEMA}".`,
  );
}

/** The published JSON Schema of `result.json`. */
export function resultJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(resultSchema, { io: "input", reused: "inline" }),
    title: RESULT_SCHEMA,
  };
}
