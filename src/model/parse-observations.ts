import type { z } from "zod";
import { TailgateError } from "../error.js";
import { quoted } from "../text/escape.js";
import { observations, OBSERVATIONS_SCHEMA, type Observations } from "./observations.js";
import { MOST_BLOCKS } from "./series-by-arm.js";

type Issue = z.core.$ZodIssue;

/**
 * Observations out of a parsed JSON document, with what may be left out filled in.
 *
 * @throws TailgateError "artifact" that names the cell, the arm and the block at fault
 */
export function parseObservations(document: unknown): Observations {
  const { data, error } = observations.safeParse(document, { reportInput: true });
  if (data !== undefined) return data;
  const issue = error.issues[0]!;
  const { message, hint } = explained(issue, document);
  throw new TailgateError("artifact", message, hint ?? hintFor(issue));
}

interface Explanation {
  readonly message: string;
  readonly hint?: string | undefined;
}

function explained(issue: Issue, document: unknown): Explanation {
  const [key, index, field, arm, block] = issue.path;
  if (key === undefined) return { message: "the document is not a JSON object" };
  if (key === "schema") {
    return {
      message: `the document's schema is ${shown(issue.input)}, which this version cannot read`,
      hint: `Give it "schema": "${OBSERVATIONS_SCHEMA}".`,
    };
  }
  if (key === "looks") return { message: lookFault(issue) };
  if (key !== "cells" || typeof index !== "number")
    return { message: `"${String(key)}" is ${shown(issue.input)}, but ${demand(issue)}`, ...custom(issue) };
  const cell = cellName(document, index);
  if (field === undefined && issue.code !== "custom") return { message: `${cell} is not an object` };
  if (field === undefined) return { message: `${cell} ${issue.message}`, ...custom(issue) };
  if (field !== "values" || arm === undefined)
    return { message: `${cell}: "${String(field)}" is ${shown(issue.input)}, but ${demand(issue)}` };
  if (block === undefined) return seriesFault(issue, cell, quoted(String(arm)));
  const place = `${cell}, ${quoted(String(arm))}, block ${Number(block) + 1}`;
  const fault = issue.code === "custom" ? issue.message : "is not a finite number";
  return { message: `${place}: ${shown(issue.input)} ${fault}`, ...custom(issue) };
}

function seriesFault(issue: Issue, cell: string, arm: string): Explanation {
  const blocks = Array.isArray(issue.input) ? issue.input.length : 0;
  switch (issue.code) {
    case "too_small":
      return {
        message: `${cell} has ${blocks === 0 ? "no block" : "one block"} of ${arm}: two are the least`,
      };
    case "too_big":
      return {
        message: `${cell} has ${blocks} blocks of ${arm}, more than the ${MOST_BLOCKS} that can be judged`,
        hint: "A value is one number a block, that is one launch of every arm, not one a request.",
      };
    default:
      return { message: `${cell}: the values of ${arm} are no list` };
  }
}

function lookFault(issue: Issue): string {
  if (issue.code === "too_big") return `"looks" has more than ${issue.maximum} entries`;
  if (issue.code === "too_small")
    return `"looks" holds ${shown(issue.input)}, but with fewer than ${issue.minimum} blocks nothing can be shown`;
  return '"looks" has to be a list of rising whole numbers of blocks, such as [12, 20, 30, 40]';
}

/** What a value has to be, for every kind of mistake that the schema can find in a single value. */
function demand(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return `has to be ${KINDS[issue.expected] ?? "given"}`;
    case "invalid_value":
      return `has to be ${issue.values.map((value) => `"${String(value)}"`).join(" or ")}`;
    case "too_small":
      if (issue.origin === "string") return "cannot be empty";
      if (issue.origin === "array") return "has to be a list of one cell or more";
      return `has to be ${issue.inclusive === true ? "at least" : "above"} ${issue.minimum}`;
    case "too_big":
      if (issue.origin === "array") return `cannot hold more than ${issue.maximum}`;
      return `has to be ${issue.inclusive === true ? "at most" : "below"} ${issue.maximum}`;
    default:
      return issue.message;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list of one cell or more",
  record: "an object that holds a list of numbers for every arm",
  nonoptional: "an object that holds a list of numbers for every arm",
};

function custom(issue: Issue): Pick<Explanation, "hint"> {
  const hint: unknown = issue.code === "custom" ? issue.params?.["hint"] : undefined;
  return { hint: typeof hint === "string" ? hint : undefined };
}

function hintFor({ path }: Issue): string {
  switch (path.at(-1)) {
    case "alpha":
      return "Write 0.05 for 5 %.";
    case "limit":
    case "accepted":
      return 'Write 0.05 for 5 %; on the "difference" scale 0.001 for 0.1 percentage points.';
    case "baseline":
      return "It is the name of the arm that the others are compared with.";
    default:
      return "See the observations schema in the documentation of `tailgate judge`.";
  }
}

/** A cell by its place from 1, and by its names where they can be read. */
function cellName(document: unknown, index: number): string {
  const { scenario, metric } = Object(at(at(document, "cells"), index)) as Record<string, unknown>;
  const place = `cell ${index + 1}`;
  if (typeof metric !== "string" || metric === "") return place;
  const names = typeof scenario === "string" ? [scenario, metric] : [metric];
  return `${place} (${names.map(quoted).join(" ")})`;
}

function at(value: unknown, key: PropertyKey): unknown {
  return (Object(value) as Record<PropertyKey, unknown>)[key];
}

/** A value as it stands in the document, cut short. */
function shown(value: unknown): string {
  if (value === undefined) return "missing";
  if (typeof value === "number") return String(value);
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  const text = JSON.stringify(value);
  return quoted(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}
