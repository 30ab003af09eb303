import { TailgateError } from "../../error.js";

/** A document of the input, or why there is none at this place. */
export type JsonDocument =
  | { readonly kind: "parsed"; readonly line: number; readonly value: unknown }
  | { readonly kind: "broken"; readonly line: number; readonly why: string };

/** Longest document, in characters. */
const LONGEST = 256 * 1024 * 1024;

/**
 * Documents of an input that holds one of them over any number of lines, or one a line (NDJSON). Documents on lines of
 * their own are given as they arrive. Blank lines and a byte order mark are passed over.
 *
 * @throws TailgateError "artifact" for a document beyond all reason
 */
export async function* jsonDocuments(
  chunks: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<JsonDocument> {
  const gathered: { readonly text: string; readonly line: number }[] = [];
  let separate = false;
  let length = 0;
  for await (const line of linesOf(chunks)) {
    if (line.text.trim() === "") continue;
    const document = parsed(line.text, line.line);
    if (!separate && gathered.length === 0) separate = document.kind === "parsed";
    if (separate) {
      yield document;
      continue;
    }
    length += line.text.length;
    if (length > LONGEST) throw tooLong();
    gathered.push(line);
  }
  const first = gathered[0];
  if (first === undefined) return;
  const whole = parsed(gathered.map(({ text }) => text).join("\n"), first.line);
  const lines = gathered.map(({ text, line }) => parsed(text, line));
  // A bad first line must not take the good ones after it along.
  if (whole.kind === "broken" && lines.some(looksLikeDocument)) yield* lines;
  else yield whole;
}

function parsed(text: string, line: number): JsonDocument {
  try {
    return { kind: "parsed", line, value: JSON.parse(text) as unknown };
  } catch (error) {
    return { kind: "broken", line, why: error instanceof Error ? error.message : String(error) };
  }
}

function looksLikeDocument(document: JsonDocument): boolean {
  if (document.kind === "broken") return false;
  const { value } = document;
  return typeof value === "object" && value !== null && Object.hasOwn(value, "schema");
}

async function* linesOf(
  chunks: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<{ readonly text: string; readonly line: number }> {
  // It drops a byte order mark at the very start.
  const decoder = new TextDecoder("utf-8");
  let parts: string[] = [];
  let length = 0;
  let line = 1;
  for await (const chunk of chunks) {
    let text = typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
      parts.push(text.slice(0, end));
      yield { text: parts.join(""), line };
      parts = [];
      length = 0;
      line++;
      text = text.slice(end + 1);
    }
    parts.push(text);
    length += text.length;
    if (length > LONGEST) throw tooLong();
  }
  parts.push(decoder.decode());
  yield { text: parts.join(""), line };
}

function tooLong(): TailgateError {
  return new TailgateError(
    "artifact",
    "the document is longer than 256 MiB",
    "A document holds one number a block, arm and metric.",
  );
}
