import { z } from "zod";
import {
  amount,
  count,
  instant,
  name,
  sentence,
  share,
  signed,
  type DeepReadonly,
} from "../bounded-values.js";
import { METRIC_UNITS } from "../metrics/metric-descriptor.js";
import { CELL_VERDICTS } from "./judgement.js";
import { metric } from "./plan.js";

export const HISTORY_SCHEMA = "tailgate/history@1";

const commit = z.object({ sha: name(), label: name().describe("What the run called it, such as a tag.") });

/** One line of the history: what one run found of one metric of one scenario. */
export const historyLineSchema = z
  .object({
    schema: z.literal(HISTORY_SCHEMA),
    at: instant().describe("When the run started."),
    suite: name().describe("Key of the suite, as in report.key."),
    scenario: name().nullable().describe("null for a metric of the service as a whole."),
    metric,
    arm: name(),
    unit: z.enum(METRIC_UNITS),
    base: commit,
    head: commit,
    baseline: amount().nullable().describe("Median over blocks of base, in unit."),
    candidate: amount().nullable().describe("Median over blocks of head, in unit."),
    change: signed()
      .nullable()
      .describe("Head over base minus one, paired block by block; a difference for shares."),
    low: signed().nullable().describe("Lower bound of the two-sided 95 % interval of change."),
    high: signed().nullable().describe("Upper bound of the two-sided 95 % interval of change."),
    limit: amount().nullable().describe("Limit of the gate; null: not gated."),
    gated: z.boolean(),
    p: share().nullable().describe("Family-wise adjusted p-value."),
    verdict: z.enum([...CELL_VERDICTS, "overloaded", "failing", "no-baseline", "unavailable"]),
    run: z.object({
      verdict: z.enum(["regression", "pass", "inconclusive", "no-baseline", "invalid"]),
      blocks: count(),
      attempt: count(),
      tailgate: name().describe("Version that measured."),
    }),
    machine: z.object({
      cpuModel: name(),
      cores: count(),
      memoryBytes: amount(),
      system: name(),
      runner: sentence().nullable(),
    }),
  })
  .describe("What one run found of one metric of one scenario: a line of the history.");

/**
 * The published JSON Schema of a line of the history.
 *
 * @public scripts/schemas.mjs writes it
 */
export function historyJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(historyLineSchema, { io: "input", reused: "inline" }),
    title: HISTORY_SCHEMA,
  };
}

export type HistoryLine = DeepReadonly<z.output<typeof historyLineSchema>>;
