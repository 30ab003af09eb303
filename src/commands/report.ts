import { TailgateError } from "../error.js";
import { renderHtml } from "../report/html.js";
import { renderMarkdown } from "../report/markdown.js";
import type { Result } from "../report/result.js";
import { parseResultText } from "../report/schema.js";

export const REPORT_FORMATS = ["md", "html", "json"] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface ReportOptions {
  /** A `result.json`; `-` reads standard input. */
  readonly file: string;
  readonly format: readonly ReportFormat[];
  /** Folder for the files; without it the one format asked for goes to standard output. */
  readonly out?: string | undefined;
}

/** What the command touches. */
export interface ReportIo {
  /** Rejects with the system's error when there is no such file. */
  readonly read: (file: string) => Promise<Uint8Array>;
  /** Creates the folder where it is missing; answers the path that was written. */
  readonly write: (folder: string, name: string, text: string) => Promise<string>;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

const FILE_NAMES = { md: "report.md", html: "report.html", json: "result.json" } as const;
/** A comment's length; see https://github.com/orgs/community/discussions/27190 for GitHub's own limit of 65,536. */
const MAXIMUM_CHARACTERS = 60_000;
/** No real run comes near: 200 scenarios in 40 blocks are about 30 MB. */
const MAXIMUM_BYTES = 256 * 1024 ** 2;

/**
 * `tailgate report`: renders a result again.
 *
 * @returns 0; a result is shown, not judged, so its verdict is not the exit code
 * @throws TailgateError `artifact` for a file that is no result
 */
export async function report(options: ReportOptions, io: ReportIo): Promise<number> {
  const formats = [...new Set(options.format)];
  if (options.out === undefined && formats.length > 1) {
    throw new TailgateError(
      "config",
      `${formats.length} formats cannot share standard output.`,
      "Give a folder with --out, or one --format.",
    );
  }
  const result = parseResultText(await readText(options.file, io));
  for (const format of formats) {
    const text = rendered(result, format);
    if (options.out === undefined) io.stdout.write(text);
    else io.stderr.write(`${await io.write(options.out, FILE_NAMES[format], text)}\n`);
  }
  return 0;
}

function rendered(result: Result, format: ReportFormat): string {
  switch (format) {
    case "md":
      return renderMarkdown(result, { maxCharacters: MAXIMUM_CHARACTERS });
    case "html":
      return renderHtml(result);
    case "json":
      return `${JSON.stringify(result, null, 1)}\n`;
  }
}

async function readText(file: string, io: ReportIo): Promise<string> {
  let content: Uint8Array;
  try {
    content = await io.read(file);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TailgateError(
      "artifact",
      `The result cannot be read: ${why}`,
      "Give the path of a result.json.",
      { cause },
    );
  }
  if (content.byteLength > MAXIMUM_BYTES) {
    throw new TailgateError(
      "artifact",
      `The result is ${Math.round(content.byteLength / 1024 ** 2)} MiB long; a run's is far shorter.`,
      "Give the result.json that `tailgate run` wrote.",
    );
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch (cause) {
    throw new TailgateError(
      "artifact",
      "The result is not UTF-8 text.",
      "Give the result.json that `tailgate run` wrote.",
      {
        cause,
      },
    );
  }
}
