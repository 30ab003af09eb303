import { type Document, LineCounter, parseDocument } from "yaml";
import { TailgateError } from "../../error.js";
import { keepAsWritten } from "./as-written.js";
import { explainIssues, wording } from "./explain-issues.js";
import { type ConfigFile, fileSchema } from "./file.js";
import { positionOf } from "./position.js";

/** Nobody writes a longer one. */
export const LARGEST_CONFIG_BYTES = 256 * 1024;
const MAXIMUM_ALIASES = 50;
/** Far more than bodies of requests need. */
const DEEPEST = 64;
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
  keepAsWritten(document, fileSchema);
  // A file that holds nothing, or only comments, configures nothing.
  const written = toPlain(document, name) ?? {};
  const checked = fileSchema.safeParse(written, { reportInput: true, error: wording });
  if (checked.success) return { name, content: checked.data, written };

  const problems = explainIssues(checked.error.issues, fileSchema, written).map(
    (problem) => `${name}:${positionOf(problem, document, lines)}: ${problem.text}`,
  );
  throw refuse(name, problems);
}

function decode(bytes: Uint8Array, name: string): string {
  if (bytes.byteLength > LARGEST_CONFIG_BYTES) {
    throw new TailgateError(
      "config",
      `${name} has ${bytes.byteLength} bytes; at most ${LARGEST_CONFIG_BYTES} are read.`,
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
  const document = withinStack(name, () =>
    parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false }),
  );
  // The reader catches its own exhausted stack, and calls it a mistake in the file.
  if (document.errors.some(({ message }) => message.includes("call stack"))) throw tooDeep(name);
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
  let plain: unknown;
  try {
    // The limit stops "billion laughs": anchors that multiply when they are expanded.
    plain = withinStack(name, () => document.toJS({ maxAliasCount: MAXIMUM_ALIASES }) as unknown);
  } catch (cause) {
    if (cause instanceof TailgateError) throw cause;
    throw notExpanded(name, cause instanceof Error ? cause.message : String(cause), cause);
  }
  requireShallow(plain, [], name);
  return plain;
}

/** @throws TailgateError "config" for a value that holds itself, through an anchor, and for one that is nested too deeply */
function requireShallow(value: unknown, around: readonly object[], name: string): void {
  if (typeof value !== "object" || value === null) return;
  if (around.includes(value)) throw notExpanded(name, "an anchor stands inside of what it names");
  if (around.length >= DEEPEST) throw tooDeep(name);
  for (const inner of Object.values(value)) requireShallow(inner, [...around, value], name);
}

/** Readers of YAML recurse: what is nested a hundred thousand levels deep exhausts the stack. */
function withinStack<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof RangeError ? tooDeep(name, error) : error;
  }
}

function tooDeep(name: string, cause?: unknown): TailgateError {
  return new TailgateError(
    "config",
    `${name} is nested more than ${DEEPEST} levels deep.`,
    "Check that it is the right file; no key of a configuration lies that deep.",
    { cause },
  );
}

function notExpanded(name: string, why: string, cause?: unknown): TailgateError {
  return new TailgateError(
    "config",
    `${name} cannot be expanded: ${why}.`,
    "Use fewer YAML anchors, or none.",
    { cause },
  );
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
