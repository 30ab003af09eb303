import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TailgateError, writingAt } from "../error.js";
import { makeFolder } from "../files/make-folder.js";
import { shortened, visible } from "../text/escape.js";
import type { Reporter } from "../reporters/reporter.js";
import { REPORTERS } from "../reporters/reporters.js";
import { parseResultText } from "../model/parse-result.js";
import { readGivenInput } from "./read-given-file.js";
import type { Streams } from "./terminal/streams.js";

const FORMATS = {
  md: REPORTERS.markdown,
  html: REPORTERS.html,
  json: REPORTERS.json,
} as const satisfies Readonly<Record<string, Reporter & { readonly fileName: string }>>;

type ReportFormat = keyof typeof FORMATS;
const REPORT_FORMATS = Object.keys(FORMATS) as readonly ReportFormat[];

export interface ReportOptions {
  /** A `result.json`; `-` reads standard input. */
  readonly file: string;
  readonly format: readonly ReportFormat[];
  /** Folder for the files; without it the one format asked for goes to standard output. */
  readonly out?: string | undefined;
}

/** What the command touches. */
export interface ReportIo {
  /** @throws TailgateError `artifact` for what cannot be read as text */
  readonly read: (file: string) => Promise<string>;
  /** Creates the folder where it is missing; gives the path that was written. */
  readonly write: (folder: string, name: string, text: string) => Promise<string>;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

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
  const result = parseResultText(await io.read(options.file));
  for (const format of formats) {
    const { fileName, render }: Reporter & { readonly fileName: string } = FORMATS[format];
    const text = render(result, {});
    if (options.out === undefined) io.stdout.write(text);
    else io.stderr.write(`${await io.write(options.out, fileName, text)}\n`);
  }
  return 0;
}

/** The same from the command line: formats separated by commas, files and streams of this process. */
export function reportCommand(
  options: { readonly file: string; readonly format: string; readonly out?: string | undefined },
  { stdin, stdout, stderr }: Streams,
): Promise<number> {
  const read = (file: string): Promise<string> =>
    readGivenInput(file, stdin, "The result", "Give the result.json that `tailgate run` wrote.");
  const write = async (folder: string, name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writingAt(path, async () => {
      makeFolder(folder);
      await writeFile(path, text);
    });
    return path;
  };
  return report({ ...options, format: formatsOf(options.format) }, { read, write, stdout, stderr });
}

function formatsOf(list: string): ReportFormat[] {
  const names = list.split(",").map((name) => name.trim());
  return names.map((name) => {
    const known = REPORT_FORMATS.find((format) => format === name);
    if (known !== undefined) return known;
    throw new TailgateError(
      "config",
      `There is no format "${shortened(visible(name), 40)}".`,
      `Formats are ${REPORT_FORMATS.join(", ")}; several are separated by commas.`,
    );
  });
}
