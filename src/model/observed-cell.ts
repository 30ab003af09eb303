import { z } from "zod";
import type { DeepReadonly } from "../bounded-values.js";
import { seriesByArm } from "./series-by-arm.js";

/** A limit of 1000 % or more is a slip of the unit, not a limit. */
const limit = () => z.number().gt(0).lt(10);

/** Takes `null` for a value that was left out. */
const nullIsLeftOut = <T extends z.ZodType>(value: T) => z.preprocess((given) => given ?? undefined, value);

const fields = z.object({
  scenario: z
    .string()
    .nullable()
    .default(null)
    .describe("null for a cell of the service as a whole, such as memory."),
  metric: z.string().min(1).describe("Any name, such as p99."),
  unit: nullIsLeftOut(z.string().default("").describe("Unit of the values, such as us.")),
  worse: z.enum(["higher", "lower"]).describe("Which direction is worse."),
  limit: limit().describe(
    "Allowed worsening: relative on the log scale (0.05 is 5 %), absolute on the difference scale.",
  ),
  scale: nullIsLeftOut(
    z
      .enum(["log", "difference"])
      .default("log")
      .describe(
        "log: ratios, every value above 0. difference: shares such as errors, with the mean and an absolute limit.",
      ),
  ),
  floor: nullIsLeftOut(
    z.number().min(0).default(0).describe("A worsening below this is never a regression; in unit."),
  ),
  gated: z.boolean().default(true),
  proof: z
    .boolean()
    .default(true)
    .describe("Whether pass waits until this cell is shown to be within its limit."),
  accepted: limit()
    .nullable()
    .default(null)
    .describe("A person accepted a worsening up to this, written as limit is; null: nothing was accepted."),
  values: seriesByArm(
    "Arm -> one value a block, the same number for every arm; up to a look where its scenario was settled.",
  ),
});

/** One scenario x metric with its values per arm and block. */
export type ObservedCell = DeepReadonly<z.output<typeof fields>>;

export const observedCell = fields.superRefine(checkCell).describe("One scenario x metric.");

/** What one field asks of another. It names the first fault alone: a cell may hold ten thousand. */
function checkCell(cell: ObservedCell, context: z.RefinementCtx): void {
  const fault = faultOfLimits(cell) ?? faultOfValues(cell);
  if (fault !== null) context.addIssue({ code: "custom", continue: false, ...fault });
}

function faultOfLimits(cell: ObservedCell) {
  if (cell.scale !== "log" || cell.worse !== "lower") return null;
  const key = (["limit", "accepted"] as const).find((key) => (cell[key] ?? 0) >= 1);
  if (key === undefined) return null;
  return { path: [key], input: cell[key], message: "has to be below 1: nothing can fall by all of itself" };
}

function faultOfValues(cell: ObservedCell) {
  for (const [arm, row] of Object.entries(cell.values)) {
    const block = row.findIndex((value) => !isOnScale(value, cell));
    if (block < 0) continue;
    const place = { path: ["values", arm, block], input: row[block] };
    return cell.scale === "log"
      ? {
          ...place,
          message: "has no ratio",
          params: { hint: 'On the "log" scale every value has to be above 0.' },
        }
      : {
          ...place,
          message: "is not a share",
          params: { hint: 'On the "difference" scale a value is a share, 0 to 1.' },
        };
  }
  return null;
}

function isOnScale(value: number, { scale, unit }: ObservedCell): boolean {
  if (scale === "log") return value > 0;
  return value >= 0 && (unit !== "share" || value <= 1);
}
