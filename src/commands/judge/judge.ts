import { createReadStream } from "node:fs";
import { TailgateError } from "../../error.js";
import { shortened, visible } from "../../text/escape.js";
import { judge } from "../../verdict/judging/judge.js";
import { parseObservations } from "../../model/parse-observations.js";
import type { Observations } from "../../model/observations.js";
import { jsonDocuments, type JsonDocument } from "./json-documents.js";
import { judgementText } from "./judge-text.js";

/** Where `judge` reads and writes: results to standard output, everything for people to standard error. */
export interface JudgeStreams {
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/**
 * `tailgate judge`: the statistics alone, on observations from any tool. Every document is judged by itself, in its
 * order, as soon as it is read; one that cannot be judged is refused, and the others are still judged. With `json` each
 * document gives one line on standard output: its judgement, or the refusal `{ "error": { line, message, hint } }`.
 *
 * @returns the exit code: 2 if any document was refused, else 1 if any says regression, else 0
 * @throws TailgateError "artifact" where the file cannot be read or holds no document
 */
export async function judgeCommand(
  options: { readonly file: string; readonly json: boolean },
  streams: JudgeStreams,
): Promise<number> {
  const input = options.file === "-" ? streams.stdin : createReadStream(options.file);
  const seen = { documents: 0, refused: false, regressed: false };
  try {
    for await (const document of jsonDocuments(input)) {
      if (!options.json && seen.documents > 0) streams.stderr.write("\n");
      seen.documents++;
      try {
        const observations = read(document);
        const judgement = judge(observations);
        seen.regressed ||= judgement.verdict === "regression";
        if (options.json) streams.stdout.write(`${JSON.stringify(judgement)}\n`);
        else streams.stderr.write(judgementText(judgement, observations));
      } catch (error) {
        if (!(error instanceof TailgateError)) throw error;
        seen.refused = true;
        const { message, hint } = error;
        streams.stderr.write(`line ${document.line}: ${visible(message)}\n  ${visible(hint)}\n`);
        if (options.json) {
          streams.stdout.write(`${JSON.stringify({ error: { line: document.line, message, hint } })}\n`);
        }
      }
    }
  } catch (error) {
    throw unreadable(options.file, error);
  }
  if (seen.documents === 0) {
    throw new TailgateError(
      "artifact",
      `${nameOf(options.file)} holds no document`,
      "Give it observations (tailgate/observations@1): one document, or one per line.",
    );
  }
  if (seen.refused) return 2;
  return seen.regressed ? 1 : 0;
}

function read(document: JsonDocument): Observations {
  if (document.kind === "parsed") return parseObservations(document.value);
  throw new TailgateError(
    "artifact",
    `the document is not JSON: ${shortened(visible(document.why), 200)}`,
    "Write one JSON document, or one per line. JSON has no NaN and no Infinity.",
  );
}

/** A file that is not there is the user's to mend; any other failure is not. */
function unreadable(file: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code !== "ENOENT" && code !== "EISDIR" && code !== "EACCES") return error;
  return new TailgateError(
    "artifact",
    `${nameOf(file)} cannot be read (${code})`,
    "Name a file that holds observations, or - for standard input.",
    { cause: error },
  );
}

function nameOf(file: string): string {
  return file === "-" ? "standard input" : `\`${file}\``;
}
