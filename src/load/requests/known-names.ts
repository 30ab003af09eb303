import { meant, nearest } from "../../config/file/nearest.js";
import { TailgateError } from "../../error.js";
import type { LoginPlan, RequestPlan, ScenarioPlan } from "../../model/scenario-plan.js";
import { textsOfBody } from "./body-of.js";
import { GENERATED } from "./varied-values.js";

const NAME = /\{([A-Za-z_][A-Za-z0-9_.-]*)\}/g;

/**
 * Refuses a name in braces that no column, no capture and nothing else fills in. In a body only what looks like a slip of
 * a known name: braces there may be GraphQL or a template.
 *
 * @param file - the data file, as the user calls it
 * @throws TailgateError "config"
 */
export function requireKnownNames(
  { name: scenario, requests }: Pick<ScenarioPlan, "name" | "requests">,
  file: string,
  columns: readonly string[],
  login?: LoginPlan,
): void {
  const captured = [...requests, ...(login?.requests ?? [])].flatMap(({ capture }) => Object.keys(capture));
  const known = [...columns, ...captured, ...GENERATED];
  for (const request of requests) {
    const unknown =
      namesIn(textsOutside(request)).find((name) => !known.includes(name)) ??
      namesIn(textsOfBody(request)).find((name) => !known.includes(name) && nearest(name, known) !== null);
    if (unknown === undefined) continue;
    throw new TailgateError(
      "config",
      `\`${scenario}\` has \`{${unknown}}\`, and \`${file}\` has no such column; ${meant(unknown, known)}`,
      "Each name in braces is a column of the data file, a captured value, `sequence` or `uuid`.",
    );
  }
}

function textsOutside({ path, headers }: RequestPlan): string[] {
  return [path, ...Object.values(headers).flat()];
}

function namesIn(texts: readonly string[]): string[] {
  return texts.flatMap((text) => [...text.matchAll(NAME)].map(([, name]) => name!));
}
