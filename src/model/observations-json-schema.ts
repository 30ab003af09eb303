import { z } from "zod";
import { OBSERVATIONS_SCHEMA } from "./observations.js";

const cell = z
  .object({
    scenario: z
      .string()
      .nullable()
      .default(null)
      .describe("null for a cell of the service as a whole, such as memory."),
    metric: z.string().min(1).describe("Any name, such as p99."),
    unit: z.string().default("").describe("Unit of the values, such as us."),
    worse: z.enum(["higher", "lower"]).describe("Which direction is worse."),
    limit: z
      .number()
      .gt(0)
      .lt(10)
      .describe(
        "Allowed worsening: relative on the log scale (0.05 is 5 %), absolute on the difference scale.",
      ),
    scale: z
      .enum(["log", "difference"])
      .default("log")
      .describe(
        "log: ratios, every value above 0. difference: shares such as errors, with the mean and an absolute limit.",
      ),
    floor: z.number().min(0).default(0).describe("A worsening below this is never a regression; in unit."),
    gated: z.boolean().default(true),
    proof: z
      .boolean()
      .default(true)
      .describe("Whether pass waits until this cell is shown to be within its limit."),
    values: z
      .record(z.string(), z.array(z.number()).min(2).max(10_000))
      .describe("Arm -> one value a block, the same number for every arm."),
  })
  .describe("One scenario x metric.");

const observations = z
  .object({
    schema: z.literal(OBSERVATIONS_SCHEMA),
    baseline: z.string().min(1).describe("Name of the arm that the others are compared with."),
    control: z
      .string()
      .nullable()
      .optional()
      .describe(
        "A second copy of the baseline among the arms, which must not differ from it. An arm named control is one.",
      ),
    alpha: z
      .number()
      .gt(0)
      .lt(0.5)
      .default(0.05)
      .describe("Chance of a false red that is accepted for the whole run."),
    looks: z
      .array(z.int().min(6))
      .max(50)
      .nullable()
      .default([])
      .describe("Rising numbers of blocks at which it is judged; empty: once, with all blocks."),
    seed: z.int().default(1),
    strict: z.boolean().default(false).describe("Test against the limit itself instead of 0.4 of it."),
    cells: z.array(cell).min(1),
  })
  .describe("Recorded observations of an experiment, from any tool, for tailgate judge.");

/** The published JSON Schema of a document for `judge`. What only shows across cells is left to the command. */
export function observationsJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(observations, { io: "input", reused: "inline" }), title: OBSERVATIONS_SCHEMA };
}
