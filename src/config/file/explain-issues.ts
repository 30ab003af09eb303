import type { z } from "zod";
import { JsonNumber } from "./request/json-number.js";
import { knownKeys } from "./known-keys.js";
import { meant } from "./nearest.js";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** A mistake in a configuration file, as a sentence. */
export interface Problem {
  readonly path: Path;
  /** The unknown key itself, when that is the problem. */
  readonly key: string | null;
  readonly text: string;
}

/** What a schema itself does not say of a mistake. It follows the name of the key. Give it to the schema's parser. */
export const wording: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${KINDS[issue.expected] ?? issue.expected}, not ${shown(issue.input)}`;
    case "invalid_value":
      return `must be ${listed(issue.values)}`;
    case "too_small":
      if (issue.minimum === 1 && unitOf(issue) !== "") return "must hold something, or be left out";
      return `must be ${issue.inclusive === false ? "above" : "at least"} ${issue.minimum}${unitOf(issue)}`;
    case "too_big":
      return `must be ${issue.inclusive === false ? "below" : "at most"} ${issue.maximum}${unitOf(issue)}`;
    default:
      return undefined;
  }
};

/** What the issues of a schema mean to the author of the file. */
export function explainIssues(issues: readonly Issue[], schema: z.ZodType, written: unknown): Problem[] {
  return issues.flatMap((issue) => explain(issue, [], schema, written));
}

function explain(issue: Issue, parents: Path, schema: z.ZodType, written: unknown): Problem[] {
  const path = [...parents, ...issue.path];
  const where = path.length > 0 ? `\`${dotted(path)}\`` : "the file";
  // What the user wrote, not what a step of the parsing made of it.
  const value = shown(valueAt(written, path));
  const problem = (text: string): Problem[] => [{ path, key: null, text: `${where} ${text}` }];
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = knownKeys(schema, path);
      const inside = path.length > 0 ? ` in ${where}` : "";
      return issue.keys.map((key) => ({
        path,
        key,
        text: `unknown key \`${key}\`${inside}; ${meant(key, known)}`,
      }));
    }
    case "invalid_union": {
      const branch = closestBranch(issue.errors);
      return branch === null
        ? problem(`is ${value}; ${issue.message}`)
        : branch.flatMap((inner) => explain(inner, path, schema, written));
    }
    case "invalid_key":
      return problem(issue.issues[0]?.message ?? "is no name for it");
    case "invalid_type":
      return problem(issue.message);
    case "invalid_value":
    case "too_small":
    case "too_big":
      return problem(`is ${value}; it ${issue.message}`);
    default:
      return problem(`(${value}) ${issue.message}`);
  }
}

/** The alternative that the user most likely meant: the one whose complaint is not about the kind of value itself. */
function closestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  return branches.find((issues) => issues.every(isAboutContent)) ?? null;
}

function isAboutContent(issue: Issue): boolean {
  if (issue.path.length > 0) return true;
  if (issue.code === "invalid_union") return closestBranch(issue.errors) !== null;
  return issue.code !== "invalid_type" && issue.code !== "invalid_value";
}

const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  int: "a whole number",
  number: "a number",
  boolean: "`true` or `false`",
  object: "a mapping",
  record: "a mapping",
  array: "a list",
};

function unitOf({ origin }: { readonly origin: string }): string {
  return origin === "string" ? " characters" : origin === "array" ? " entries" : "";
}

function listed(values: readonly unknown[]): string {
  const names = values.map((value) => `\`${String(value)}\``);
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} or ${names.at(-1)!}`;
}

function valueAt(written: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], written);
}

function shown(value: unknown): string {
  if (value === undefined) return "left out";
  if (value === null) return "empty";
  const text =
    typeof value === "string" || value instanceof JsonNumber ? String(value) : JSON.stringify(value);
  return `\`${text.length > 60 ? `${text.slice(0, 60)}...` : text}\``;
}

function dotted(path: Path): string {
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");
}
