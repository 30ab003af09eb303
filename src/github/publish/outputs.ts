import type { Result } from "../../model/result.js";
import type { KeptReport } from "../../reporters/reporters.js";
import { regressions } from "../../reporters/text/rows.js";

/** Where the files of a run are; `null` where one could not be written. */
export type ResultFiles = Readonly<Record<KeptReport, string | null>>;

/** GitHub takes 1 MB of outputs from a job; the cells must leave room for other steps. */
const LARGEST_REGRESSIONS_BYTES = 200_000;

/** The outputs that action.yml declares, except `comment-url`, which comes when there is a comment. */
export function outputsOf(result: Result, files: ResultFiles): Readonly<Record<string, string>> {
  return {
    verdict: result.verdict,
    regressions: regressionsJson(result),
    "result-json": files.json ?? "",
    "report-markdown": files.markdown ?? "",
    "report-html": files.html ?? "",
  };
}

/** As many of the cells as fit. A workflow that needs all of them reads `result-json`. */
function regressionsJson(result: Result): string {
  const texts: string[] = [];
  let bytes = 2;
  for (const cell of regressions(result)) {
    const text = JSON.stringify(cell);
    bytes += Buffer.byteLength(text) + 1;
    if (bytes > LARGEST_REGRESSIONS_BYTES) break;
    texts.push(text);
  }
  return `[${texts.join(",")}]`;
}
