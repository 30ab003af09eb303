import type { RequestPlan } from "../../model/scenario-plan.js";
import { USER_AGENT } from "../../version.js";

/** Names and values in the order in which they are sent. */
export type HeaderLines = readonly (readonly [name: string, value: string])[];

/** A header with several values is sent once for each. */
export function linesOf(headers: RequestPlan["headers"]): HeaderLines {
  return Object.entries(headers).flatMap(([name, values]) =>
    (typeof values === "string" ? [values] : values).map((value) => [name, value] as const),
  );
}

/** What nearly every client sends: a service that is quick only for requests without these must not look quick. */
const USUAL: HeaderLines = [
  ["User-Agent", USER_AGENT],
  ["Accept", "*/*"],
];

/** The lines with those of the usual headers in front that they do not name themselves. */
export function withUsualHeaders(lines: HeaderLines): HeaderLines {
  const named = new Set(lines.map(([name]) => name.toLowerCase()));
  return [...USUAL.filter(([name]) => !named.has(name.toLowerCase())), ...lines];
}
