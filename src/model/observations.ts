import { z } from "zod";
import type { DeepReadonly } from "../bounded-values.js";
import { MINIMUM_BLOCKS } from "../stats/alpha-spending.js";
import { faultOfCells, MOST_VALUES } from "./cells-together.js";
import { observedCell } from "./observed-cell.js";
import { MOST_BLOCKS } from "./series-by-arm.js";

/** Schema name of a document for `judge`. */
export const OBSERVATIONS_SCHEMA = "tailgate/observations@1";

/** A cell holds two values of two arms at the least, so more of them are beyond what a document may hold. */
const MOST_CELLS = MOST_VALUES / 4;

const looks = z
  .array(z.int().min(MINIMUM_BLOCKS))
  .max(50)
  .refine((looks) => looks.every((look, i) => i === 0 || look > looks[i - 1]!), { abort: true })
  .nullable()
  .default([])
  .describe("Rising numbers of blocks at which it is judged; empty: once, with all blocks.");

const fields = z.object({
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
    .default(0.01)
    .describe("Chance of a false red that is accepted for the whole run."),
  looks,
  seed: z.int().default(1),
  strict: z.boolean().default(false).describe("Test against the limit itself instead of 0.4 of it."),
  runners: z
    .array(z.int())
    .max(MOST_BLOCKS)
    .optional()
    .describe("Which runner measured each block, where several did: any number for each."),
  cells: z.array(observedCell).min(1).max(MOST_CELLS),
});

const document = fields
  .superRefine(checkTogether)
  .describe("Recorded observations of an experiment, from any tool, for tailgate judge.");

function checkTogether(
  { control, baseline, cells, looks, runners }: z.output<typeof fields>,
  context: z.RefinementCtx,
): void {
  const fault = faultOfCells({ cells, baseline, looks: looks ?? [] });
  if (fault !== null) {
    const { index, message, hint } = fault;
    context.addIssue({ code: "custom", path: ["cells", index], message, params: { hint } });
    return;
  }
  const blocks = Math.max(...cells.map(({ values }) => values[baseline]!.length));
  if (runners !== undefined && runners.length !== blocks) {
    const message = `has to name a runner for each of the ${blocks} blocks`;
    context.addIssue({ code: "custom", path: ["runners"], input: runners.length, message });
    return;
  }
  if (typeof control !== "string") return;
  if (control !== baseline && cells.some(({ values }) => Object.hasOwn(values, control))) return;
  const message = "has to name an arm other than the baseline";
  context.addIssue({ code: "custom", path: ["control"], input: control, message });
}

/** A document for `judge`, with what it leaves out filled in. An arm named `control` is one unless it is said otherwise. */
export const observations = document.transform(({ looks, control, ...rest }) => ({
  ...rest,
  looks: looks ?? [],
  control: control === undefined ? armNamedControl(rest) : control,
}));

function armNamedControl({ baseline, cells }: Pick<z.output<typeof fields>, "baseline" | "cells">) {
  const isArm = cells.some(({ values }) => Object.hasOwn(values, "control"));
  return isArm && baseline !== "control" ? "control" : null;
}

/** Recorded observations of an experiment, from any tool. */
export type Observations = DeepReadonly<z.output<typeof observations>>;

/**
 * The published JSON Schema of a document for `judge`. What only shows across cells is left to the command.
 *
 * @public scripts/schemas.mjs writes it
 */
export function observationsJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(observations, { io: "input", reused: "inline" }), title: OBSERVATIONS_SCHEMA };
}
