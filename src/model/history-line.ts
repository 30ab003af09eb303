import { z } from "zod";
import { count, instant, name, type DeepReadonly } from "../bounded-values.js";
import { environment, resultCell, runVerdict } from "./result.js";

export const HISTORY_SCHEMA = "tailgate/history@1";

const commit = z.object({ sha: name(), label: name().describe("What the run called it, such as a tag.") });

/** What is kept of a cell: how it was measured and accepted stays with the result. */
const keptCell = resultCell.pick({
  scenario: true,
  metric: true,
  arm: true,
  unit: true,
  baseline: true,
  candidate: true,
  change: true,
  low: true,
  high: true,
  limit: true,
  gated: true,
  p: true,
  verdict: true,
});

const machine = environment.pick({
  cpuModel: true,
  cores: true,
  memoryBytes: true,
  system: true,
  runner: true,
});

/** One line of the history: what one run found of one metric of one scenario. */
export const historyLineSchema = z
  .object({
    schema: z.literal(HISTORY_SCHEMA),
    at: instant().describe("When the run started."),
    suite: name().describe("Key of the suite, as in report.key."),
    base: commit,
    head: commit,
    ...keptCell.shape,
    run: z.object({
      verdict: runVerdict,
      blocks: count(),
      attempt: count(),
      tailgate: name().describe("Version that measured."),
    }),
    machine,
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
