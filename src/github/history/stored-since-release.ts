import { TailgateError } from "../../error.js";
import { gitOrThrow } from "../../git/git.js";
import type { LinesRef } from "../../git/history/lines-ref.js";
import { commitsOf, releasesWithin } from "../../git/history/releases.js";
import { commitOrder } from "../../history/commit-order.js";
import { sinceRelease } from "../../history/since-release.js";
import type { SinceRelease } from "../../model/result.js";
import { historyStore } from "../../store/history-store.js";
import { WAITING, withRemote, type HistoryRemote } from "./remote.js";

const MOST_COMMITS = 20_000;
const BRANCH = "refs/tailgate/branch";

/** Up to where the base branch is looked at. */
export interface StoredUpTo {
  readonly branch: string;
  /** Sha of a commit of that branch, as a claim names it. */
  readonly base: string;
  readonly suite: string;
}

/**
 * What the base branch has come to since its last release, for a job that reports without a checkout. Lines, tags and
 * commits are the repository's own: of the claim only the base commit counts, and only where the branch holds it.
 *
 * @returns the rows, or why there are none; a history that cannot be read stops no report
 */
export async function storedSinceRelease(
  remote: HistoryRemote,
  upTo: StoredUpTo,
): Promise<readonly SinceRelease[] | string> {
  try {
    return await withRemote(remote, (place) => read(place, upTo));
  } catch (error) {
    if (!(error instanceof TailgateError)) throw error;
    return `the history could not be read: ${error.message}`;
  }
}

async function read(
  place: LinesRef,
  { branch, base, suite }: StoredUpTo,
): Promise<readonly SinceRelease[] | string> {
  // First: a repository that was filled without trees would leave out the files of lines too.
  const { lines } = await historyStore(place, WAITING).readHistory();
  if (lines.length === 0) return [];
  const { git, remote } = place;
  const refs = [`+refs/heads/${branch}:${BRANCH}`, "+refs/tags/*:refs/tags/*"];
  await gitOrThrow(
    git,
    ["fetch", "--quiet", "--no-tags", "--filter=tree:0", "--end-of-options", remote, ...refs],
    "fetching the base branch's commits",
    "Grant `permissions: { contents: read }`.",
  );
  if ((await git(["merge-base", "--is-ancestor", base, BRANCH])).code !== 0) {
    return "the history is left out: the commit that the run calls base is not on the base branch";
  }
  const order = commitOrder(await commitsOf(git, base, MOST_COMMITS), await releasesWithin(git, base, null));
  return sinceRelease(lines, order, suite);
}
