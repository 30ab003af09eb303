import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ServiceLog, renderHtml } from "../report/html.js";
import { renderMarkdown } from "../report/markdown.js";
import type { Result } from "../report/result.js";

/** GitHub takes 65,536 characters for a comment; the marker needs some of them. */
const MOST_CHARACTERS = 60_000;

/** What a run leaves: the result, and where it stands. */
export interface GateOutcome {
  readonly result: Result;
  /** Absolute paths. */
  readonly files: {
    readonly resultJson: string;
    readonly reportMarkdown: string;
    readonly reportHtml: string;
  };
}

/** Writes result.json, report.md and report.html. */
export async function writeOutcome(
  result: Result,
  logs: readonly ServiceLog[],
  folder: string,
): Promise<GateOutcome> {
  const files = {
    resultJson: join(folder, "result.json"),
    reportMarkdown: join(folder, "report.md"),
    reportHtml: join(folder, "report.html"),
  };
  // The result first: reports can be made from it again.
  await writeFile(files.resultJson, `${JSON.stringify(result, null, 1)}\n`);
  await writeFile(files.reportMarkdown, renderMarkdown(result, { maxCharacters: MOST_CHARACTERS }));
  await writeFile(files.reportHtml, renderHtml(result, { logs }));
  return { result, files };
}
