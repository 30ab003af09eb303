import { z } from "zod";
import { DEFAULT_EXPERIMENT } from "../defaults.js";
import { parsePercent } from "./parse-quantity.js";
import { duration, quantity } from "./values.js";
import { writtenDuration, writtenPercent } from "./write-quantity.js";

export const budget = duration(5000, 21_600_000, {
  description:
    "The longest time for finding the rates and measuring, plus one block; builds are not counted. A run without a clear result uses all of it.",
  default: writtenDuration(DEFAULT_EXPERIMENT.budgetMs),
  examples: ["3m", "10m"],
});

export const seed = z.int().min(0).max(4_294_967_295);

export const experiment = z
  .strictObject({
    budget: budget.optional(),
    alpha: quantity(parsePercent, "%", {
      description: "The accepted chance, over the whole run, that unchanged code fails.",
      default: writtenPercent(DEFAULT_EXPERIMENT.alpha),
      examples: ["1%"],
    })
      .refine((alpha) => alpha >= 0.001 && alpha < 0.5, { message: "must be between 0.1% and 50%" })
      .optional(),
    seed: seed.optional().meta({
      description:
        "The seed of every random choice: order, ports, arrival times, sign flips. Without it, it follows from the two commits and the comment's key, and is 1 for whole stacks; the report names it.",
      examples: [42],
    }),
    control: z
      .boolean()
      .optional()
      .meta({
        description:
          "Measure a second copy of base as well; if that copy differs from base, the run is inconclusive.",
        default: DEFAULT_EXPERIMENT.control,
        examples: [true],
      }),
    strict: z
      .boolean()
      .optional()
      .meta({
        description:
          "Red only when shown to be worse than the limit itself. Without it, red when shown to be worse than 0.4 of the limit and measured at the limit or beyond.",
        default: DEFAULT_EXPERIMENT.strict,
        examples: [true],
      }),
  })
  .meta({ description: "How long and how strictly to measure.", examples: [{ budget: "3m" }] });
