import { join } from "node:path";
import { isDiskFull } from "../error.js";
import { type ServiceLog, renderReportPage } from "../reporters/html/report-page.js";
import { renderMarkdown } from "../reporters/markdown/report-markdown.js";
import type { Result } from "../model/result.js";
import { replaceFile } from "../files/atomic-write.js";

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

/**
 * Writes result.json, report.md and report.html. On a full disk once more after `makeRoom`: what fills it is most often
 * what a build or a service wrote into a checkout.
 *
 * @throws TailgateError `disk` when there is no room then either
 */
export async function writeReports(
  result: Result,
  logs: readonly ServiceLog[],
  folder: string,
  makeRoom: () => Promise<void>,
): Promise<GateOutcome> {
  const files = {
    resultJson: join(folder, "result.json"),
    reportMarkdown: join(folder, "report.md"),
    reportHtml: join(folder, "report.html"),
  };
  const write = async (): Promise<GateOutcome> => {
    // The result first: reports can be made from it again.
    await replaceFile(files.resultJson, `${JSON.stringify(result, null, 1)}\n`);
    await replaceFile(files.reportMarkdown, renderMarkdown(result, { maxCharacters: MOST_CHARACTERS }));
    await replaceFile(files.reportHtml, renderReportPage(result, { logs }));
    return { result, files };
  };
  try {
    return await write();
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    await makeRoom();
    return write();
  }
}
