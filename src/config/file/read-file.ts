import { type Document, LineCounter, parseDocument } from "yaml";
import { TailgateError } from "../../error.js";
import { keepAsWritten } from "./as-written.js";
import { explainIssues, wording } from "./explain-issues.js";
import { type ConfigFile, fileSchema } from "./file.js";
import { positionOf } from "./position.js";

/** Nobody writes a longer one. */
export const LARGEST_CONFIG_BYTES = 256 * 1024;
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
