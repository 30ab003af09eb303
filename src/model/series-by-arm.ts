import { z } from "zod";

/** Beyond this it is not blocks that were recorded but single requests, which are no independent observations. */
export const MOST_BLOCKS = 10_000;

const series = z.array(z.number()).min(2).max(MOST_BLOCKS);

/**
 * One series of values for every arm. It is not a record of zod's: that drops an arm called `__proto__`, and an arm may
 * have any name.
 */
export const seriesByArm = (description: string) => {
  return z
    .unknown()
    .meta({
      type: "object",
      propertyNames: { type: "string" },
      additionalProperties: withoutDialect(z.toJSONSchema(series)),
      description,
    })
    .transform((given, context): Record<string, number[]> => {
      if (typeof given !== "object" || given === null || Array.isArray(given)) {
        context.issues.push({ code: "invalid_type", expected: "record", input: given });
        return z.NEVER;
      }
      const rows: [string, number[]][] = [];
      for (const [arm, row] of Object.entries(given)) {
        const { data, error } = series.safeParse(row, { reportInput: true });
        const issue = error?.issues[0];
        if (issue !== undefined) {
          context.issues.push({ ...issue, path: [arm, ...issue.path] } as z.core.$ZodRawIssue);
          return z.NEVER;
        }
        rows.push([arm, data!]);
      }
      return Object.fromEntries(rows);
    });
};

/** A schema inside another does not say again in which dialect it is written. */
function withoutDialect(schema: z.core.JSONSchema.BaseSchema): z.core.JSONSchema.BaseSchema {
  const inner = { ...schema };
  delete inner.$schema;
  return inner;
}
