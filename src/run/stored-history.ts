import { join } from "node:path";
import { TailgateError } from "../error.js";
import { commitsOf, releasesWithin } from "../git/history/releases.js";
import { linesRefBeside } from "../git/history/open-lines-ref.js";
import type { Repository } from "../git/repository.js";
import { makeSharedClone, type SharedClone } from "../git/clone-of-objects.js";
import { commitOrder, type CommitOrder } from "../history/commit-order.js";
import type { HistoryLine } from "../model/history-line.js";
import { HISTORY_REF, historyStore } from "../store/history-store.js";
import type { RunFolder } from "../service/clean-up/run-folder.js";

/** What is stored of a repository, and how its commits up to base follow one another. */
export interface StoredHistory {
  readonly lines: readonly HistoryLine[];
  readonly order: CommitOrder;
}

/** A run only reads. */
const NEVER = { sleep: () => Promise.resolve(), random: () => 0 };
const MOST_COMMITS = 20_000;

/**
 * The stored lines, through a clone of their own: fetching the tip alone would make the run's clone a shallow one.
 *
 * @throws TailgateError `revision` when the remote does not answer
 */
export async function readStoredLines(
  repository: Repository,
  { path }: Pick<RunFolder, "path">,
): Promise<readonly HistoryLine[]> {
  const clone = await makeSharedClone(repository, join(path, "history-clone"));
  try {
    const place = await linesRefBeside(repository, clone, HISTORY_REF);
    return (await historyStore(place, NEVER).readHistory()).lines;
  } finally {
    await clone.dispose();
  }
}

/**
 * What base's branch has come to since its last release. A history that cannot be read stops no run.
 *
 * @param base - its sha
 * @returns the history, or why there is none
 */
export async function readStoredHistory(
  repository: Repository,
  { git }: SharedClone,
  folder: Pick<RunFolder, "path">,
  base: string,
): Promise<StoredHistory | string> {
  try {
    const lines = await readStoredLines(repository, folder);
    return {
      lines,
      order: commitOrder(await commitsOf(git, base, MOST_COMMITS), await releasesWithin(git, base, null)),
    };
  } catch (error) {
    if (!(error instanceof TailgateError)) throw error;
    return `the history could not be read: ${error.message}`;
  }
}

/** Commits whose run passed. */
export function passedAmong(lines: readonly HistoryLine[]): ReadonlySet<string> {
  return new Set(lines.filter(({ run }) => run.verdict === "pass").map(({ head }) => head.sha));
}
