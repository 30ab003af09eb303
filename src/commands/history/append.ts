import { linesOfResult } from "../../history/lines-of-result.js";
import { parseResultText } from "../../model/parse-result.js";
import type { HistoryStore } from "../../store/history-store.js";
import { readGivenFile } from "../read-given-file.js";
import type { Streams } from "../terminal/streams.js";
import { withHistory } from "./open-history.js";

/** `tailgate history append`: stores what a run found. Runs nothing of the repository. */
export async function historyAppendCommand(
  files: readonly string[],
  options: { readonly ref?: string | undefined },
  workingDirectory: string,
  { stderr }: Pick<Streams, "stderr">,
): Promise<number> {
  const texts = files.map((file) => readGivenFile(file, "The result", "Give the path of a result.json."));
  return withHistory(workingDirectory, process.env, options.ref, async ({ store }) => {
    for (const [place, text] of texts.entries()) {
      stderr.write(`${files[place]!}: ${await appendResult(text, store)}\n`);
    }
    return 0;
  });
}

/**
 * @returns what was stored, in words
 * @throws TailgateError `artifact` for what is no result, `revision` when the remote refuses
 */
async function appendResult(text: string, store: Pick<HistoryStore, "appendRun">): Promise<string> {
  const lines = linesOfResult(parseResultText(text));
  if (lines.length === 0) return "nothing to store: it does not compare two commits";
  const appended = await store.appendRun(lines);
  const added = appended.reduce((sum, one) => sum + one.added, 0);
  const tries = appended.reduce((sum, one) => sum + one.tries, 0);
  if (added === 0) return "stored already";
  return `${added} ${added === 1 ? "line" : "lines"} stored in ${tries} ${tries === 1 ? "try" : "tries"}`;
}
