import { TailgateError } from "../error.js";
import { shortened, visible } from "../text/escape.js";
import { RESULT_SCHEMA, resultSchema, type Result } from "./result.js";

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
