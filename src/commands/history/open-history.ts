import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { TailgateError, writingAt } from "../../error.js";
import { linesRefBeside } from "../../git/history/open-lines-ref.js";
import { openRepository, type Repository } from "../../git/repository.js";
import { makeSharedClone, type SharedClone } from "../../git/clone-of-objects.js";
import { temporaryParent } from "../../service/clean-up/run-folder.js";
import { historyStore, HISTORY_REF, type HistoryStore } from "../../store/history-store.js";

/** The history beside the user's repository, with a clone of ours to fetch into. */
export interface OpenHistory {
  readonly repository: Repository;
  readonly clone: SharedClone;
  readonly store: HistoryStore;
}

/** Does something with the history of a repository; what was needed for it is deleted afterwards. */
export async function withHistory<T>(
  workingDirectory: string,
  environment: Readonly<Record<string, string | undefined>>,
  ref: string | undefined,
  use: (history: OpenHistory) => Promise<T>,
): Promise<T> {
  const repository = await openRepository(workingDirectory);
  const parent = temporaryParent(environment);
  const folder = await writingAt(parent, () => mkdtemp(join(parent, "tailgate-history-")));
  try {
    const clone = await makeSharedClone(repository, join(folder, "clone"));
    const place = await linesRefBeside(repository, clone, requireFullRef(ref ?? HISTORY_REF));
    return await use({ repository, clone, store: historyStore(place, REAL_EDGES) });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

const REAL_EDGES = {
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  random: Math.random,
};

function requireFullRef(ref: string): string {
  if (/^refs\/[A-Za-z0-9._/-]{1,200}$/u.test(ref)) return ref;
  throw new TailgateError(
    "config",
    `--ref ${JSON.stringify(ref.slice(0, 80))} is not usable.`,
    "Give a full name, such as `refs/notes/tailgate` or `refs/heads/tailgate-history`.",
  );
}
