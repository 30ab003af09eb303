import { type Document, LineCounter, isCollection, parseDocument } from "yaml";
import type { z } from "zod";
import { TailgateError } from "../../error.js";
import { type ConfigFile, fileSchema } from "./file.js";
import { knownKeys } from "./known-keys.js";
import { nearest } from "./nearest.js";

const MAXIMUM_BYTES = 256 * 1024;
const MAXIMUM_ALIASES = 50;
const MAXIMUM_PROBLEMS = 10;

/** A configuration file that was read: its checked content, and the values as the user wrote them. */
export interface ConfigSource {
  readonly name: string;
  readonly content: ConfigFile;
  readonly written: unknown;
}

/**
 * tailgate.yml as bytes -> its checked content.
 *
 * @param name how messages call the file, for instance `.github/tailgate.yml`
 * @throws TailgateError "config" that lists every problem with its line and column
 */
export function readConfigFile(bytes: Uint8Array, name: string): ConfigSource {
  const { document, lines } = parseYaml(decode(bytes, name), name);
  // A file that holds nothing, or only comments, configures nothing.
  const written = toPlain(document, name) ?? {};
  const checked = fileSchema.safeParse(written, { reportInput: true });
  if (checked.success) return { name, content: checked.data, written };

  const problems = checked.error.issues
    .flatMap((issue) => describe(issue, [], written))
    .map((problem) => {
      const at = position(document, lines, problem.path, problem.key);
      return `${name}:${at}: ${problem.text}`;
    });
  throw refuse(name, problems);
}

function decode(bytes: Uint8Array, name: string): string {
  if (bytes.byteLength > MAXIMUM_BYTES) {
    throw new TailgateError(
      "config",
      `${name} has ${bytes.byteLength} bytes; at most ${MAXIMUM_BYTES} are read.`,
      "Check that it is the right file; a configuration is a few dozen lines.",
    );
  }
  try {
    // Also drops a byte order mark.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new TailgateError("config", `${name} is not valid UTF-8.`, "Save it as UTF-8.", { cause });
  }
}

function parseYaml(text: string, name: string): { document: Document.Parsed; lines: LineCounter } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  if (document.errors.length > 0) {
    throw refuse(
      name,
      document.errors.map((error) => {
        const { line, col } = lines.linePos(error.pos[0]);
        return `${name}:${line}:${col}: ${error.message}`;
      }),
    );
  }
  return { document, lines };
}

function toPlain(document: Document.Parsed, name: string): unknown {
  try {
    // The limit stops "billion laughs": anchors that multiply when they are expanded.
    return document.toJS({ maxAliasCount: MAXIMUM_ALIASES });
  } catch (cause) {
    throw new TailgateError(
      "config",
      `${name} cannot be expanded: ${cause instanceof Error ? cause.message : String(cause)}.`,
      "Use fewer YAML anchors, or none.",
      { cause },
    );
  }
}

function refuse(name: string, problems: readonly string[]): TailgateError {
  const shown = problems.slice(0, MAXIMUM_PROBLEMS);
  const more = problems.length - shown.length;
  return new TailgateError(
    "config",
    [...shown, ...(more > 0 ? [`... and ${more} more`] : [])].join("\n"),
    `Correct ${name}; docs/configuration.md lists every key.`,
  );
}

interface Problem {
  readonly path: readonly PropertyKey[];
  /** The unknown key itself, when that is the problem. */
  readonly key: string | null;
  readonly text: string;
}

type Issue = z.core.$ZodIssue;

function describe(issue: Issue, parents: readonly PropertyKey[], written: unknown): Problem[] {
  const path = [...parents, ...issue.path];
  // What the user wrote, not what a step of the parsing made of it.
  const value = shown(
    path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], written),
  );
  const where = path.length > 0 ? `\`${dotted(path)}\`` : "the file";
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => {
        const guess = nearest(key, knownKeys(path));
        const meant = guess ? `; did you mean \`${guess}\`?` : `; known are ${knownKeys(path).join(", ")}`;
        return { path, key, text: `unknown key \`${key}\`${path.length > 0 ? ` in ${where}` : ""}${meant}` };
      });
    case "invalid_union": {
      const branch = closestBranch(issue.errors);
      return branch
        ? branch.flatMap((inner) => describe(inner, path, written))
        : [{ path, key: null, text: `${where} is ${value}; ${unionHint(path)}` }];
    }
    case "invalid_type":
      return [{ path, key: null, text: `${where} must be ${kind(issue.expected)}${unitHint(path, issue)}` }];
    case "custom":
      return [{ path, key: null, text: `${where} (${value}) ${issue.message}` }];
    case "too_small":
    case "too_big":
      return [{ path, key: null, text: `${where} is ${value}; ${bound(issue)}` }];
    default:
      return [{ path, key: null, text: `${where} (${value}): ${issue.message}` }];
  }
}

/** The alternative that the user most likely meant: the one whose complaint is not about the kind of value itself. */
function closestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const meant = branches.filter((issues) =>
    issues.every(
      (issue) => issue.path.length > 0 || (issue.code !== "invalid_type" && issue.code !== "invalid_value"),
    ),
  );
  return meant[0] ?? null;
}

function unionHint(path: readonly PropertyKey[]): string {
  const keys = path.map(String);
  if (keys.includes("gates")) {
    const unit = keys.at(-1) === "errors" ? "`0.1pp`" : "`5%`";
    return `write a limit with its unit, like ${unit}, a mapping with \`limit\`, \`floor\` and \`proof\`, or \`off\``;
  }
  if (keys.at(-1) === "rate")
    return "write requests per second as a number above 0 and at most 100000, or `auto`";
  if (keys.at(-1) === "limit") return "write it with its unit, like `30%`";
  return "that is none of the forms it may have";
}

function bound(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const what = issue.origin === "string" ? " characters" : issue.origin === "array" ? " entries" : "";
  return issue.code === "too_small"
    ? `it must be ${issue.inclusive === false ? "above" : "at least"} ${issue.minimum}${what}`
    : `it must be ${issue.inclusive === false ? "below" : "at most"} ${issue.maximum}${what}`;
}

function unitHint(path: readonly PropertyKey[], issue: Issue): string {
  const wantsUnit = ["timeout", "build-timeout", "budget", "alpha", "limit", "floor"].includes(
    String(path.at(-1)),
  );
  const isNumber = typeof issue.input === "number";
  return wantsUnit && isNumber
    ? ` with its unit: \`${String(issue.input)}\` of what?`
    : `, not ${shown(issue.input)}`;
}

function kind(expected: string): string {
  const words: Record<string, string> = {
    string: "text",
    int: "a whole number",
    number: "a number",
    boolean: "`true` or `false`",
    object: "a mapping",
    record: "a mapping",
    array: "a list",
  };
  return words[expected] ?? expected;
}

function shown(value: unknown): string {
  if (value === undefined) return "left out";
  if (value === null) return "empty";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return `\`${text.length > 60 ? `${text.slice(0, 60)}...` : text}\``;
}

function dotted(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");
}

/** `line:column` of what a path names; of its nearest parent that stands in the file where it is missing. */
function position(
  document: Document.Parsed,
  lines: LineCounter,
  path: readonly PropertyKey[],
  key: string | null,
): string {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const start = (length === path.length && key !== null ? keyStart(node, key) : null) ?? rangeStart(node);
    if (start !== null) {
      const { line, col } = lines.linePos(start);
      return `${line}:${col}`;
    }
  }
  return "1:1";
}

function rangeStart(node: unknown): number | null {
  return node !== null && typeof node === "object" && "range" in node && Array.isArray(node.range)
    ? (node.range[0] as number)
    : null;
}

function keyStart(node: unknown, key: string): number | null {
  if (!isCollection(node)) return null;
  for (const item of node.items) {
    const itemKey = (item as { key?: { value?: unknown } }).key;
    if (itemKey?.value === key) return rangeStart(itemKey);
  }
  return null;
}
