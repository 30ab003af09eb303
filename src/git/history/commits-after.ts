import { TailgateError } from "../../error.js";
import type { Git } from "../git.js";
import { commitOf, requireReference } from "../reference.js";
import type { Repository } from "../repository.js";
import type { Commit } from "./releases.js";

const MOST_COMMITS = 2_000;
const LONGEST_SUBJECT = 300;

/**
 * The commits by which `bad` goes beyond `good`, along first parents, oldest first; the last is bad itself.
 *
 * @throws TailgateError `revision` for a name that is no commit here, for a good that bad does not build on, for too many, and
 *   for a shallow clone that lacks some
 */
export async function commitsAfter(
  { git }: Repository,
  goodName: string,
  badName: string,
): Promise<{ readonly good: string; readonly commits: readonly [Commit, ...Commit[]] }> {
  const [good, bad] = await Promise.all([goodName, badName].map(required));
  if ((await git(["merge-base", "--is-ancestor", good!, bad!])).code !== 0) {
    throw new TailgateError(
      "revision",
      `${JSON.stringify(badName)} does not build on ${JSON.stringify(goodName)}: there is no line of commits between them`,
      "Name a good commit that bad holds, and check out with the whole history (`fetch-depth: 0`).",
    );
  }
  const range = ["--first-parent", "--reverse", "--format=%H%x00%s", "--end-of-options", `${good!}..${bad!}`];
  const listed = await git(["log", ...range]);
  const commits = listed.stdout.split("\n").flatMap((line): Commit[] => {
    const [sha, subject] = line.split("\0");
    return sha === undefined || subject === undefined
      ? []
      : [{ sha, subject: subject.slice(0, LONGEST_SUBJECT) }];
  });
  const [first, ...rest] = commits;
  if (first === undefined) {
    throw new TailgateError(
      "revision",
      "good and bad are the same commit",
      "Name a later commit with `--bad`.",
    );
  }
  if (await isCutOff(git, first.sha)) {
    throw new TailgateError(
      "revision",
      "this clone is shallow, and commits between good and bad are missing in it",
      "Fetch the rest with `git fetch --unshallow`, or check out with `fetch-depth: 0`.",
    );
  }
  if (commits.length > MOST_COMMITS) {
    throw new TailgateError(
      "revision",
      `${commits.length} commits lie between good and bad; at most ${MOST_COMMITS} are searched`,
      "Name a later good commit, such as the last release.",
    );
  }
  return { good: good!, commits: [first, ...rest] };

  async function required(name: string): Promise<string> {
    requireReference(name);
    const sha = await commitOf(git, name);
    if (sha !== null) return sha;
    throw new TailgateError(
      "revision",
      `${JSON.stringify(name)} is no commit of this repository`,
      "Check its spelling, and check out with the whole history and its tags (`fetch-depth: 0`).",
    );
  }
}

/** Whether a shallow clone ends at this commit: the one before it exists, and is not here. */
async function isCutOff(git: Git, sha: string): Promise<boolean> {
  const shallow = (await git(["rev-parse", "--is-shallow-repository"])).stdout.trim() === "true";
  return shallow && (await git(["rev-parse", "--quiet", "--verify", `${sha}^`])).code !== 0;
}
