import { TailgateError } from "../error.js";
import { remarksOnForeignCommits, remarksOnNamedBase } from "./base-remarks.js";
import { chooseBase, isZero, type ChosenBase } from "./choose-base.js";
import { obtainCommit } from "./fetch.js";
import type { Git } from "./git.js";
import { chooseRelativeBase, relativeBase, type PassedCommits } from "./history/relative-base.js";
import { commitsBetween, type Commit } from "./history/releases.js";
import { commitOf } from "./reference.js";
import type { Repository } from "./repository.js";
import type { Revision } from "./revision.js";
import type { RevisionEvent } from "./revision-event.js";
import type { SharedClone } from "./clone-of-objects.js";

export interface ResolveOptions {
  readonly repository: Repository;
  /** What has to be fetched goes there. */
  readonly clone: SharedClone;
  readonly event: RevisionEvent;
  /** Base instead of what the event says: a branch, tag or sha as it stands, or as `relativeBase` takes it. */
  readonly base?: string;
  /** A branch, tag or sha; `.` is the work tree with its uncommitted changes. */
  readonly head?: string;
  /** For `last-green`. Left out: no run is stored. */
  readonly passedCommits?: PassedCommits;
}

const noStoredRun: PassedCommits = () => Promise.resolve(new Set());

export interface ResolvedRevisions {
  readonly base: Revision;
  readonly head: Revision;
  /** What a reader of the report should know about the choice. */
  readonly notes: readonly string[];
  /** Commits between the two where base is far away by its name, newest first; else none. */
  readonly between: readonly Commit[];
}

/**
 * The two commits that are compared.
 *
 * @throws TailgateError `revision` where a commit cannot be had, or both would be the same one without anybody having
 *   asked for that.
 */
export async function resolveRevisions(options: ResolveOptions): Promise<ResolvedRevisions> {
  const { clone, event } = options;
  const head = await headOf(options);
  const chosen =
    options.base === undefined
      ? await chooseBase(clone, event, head)
      : await named(options, options.base, head);
  const { revision: base } = chosen;
  const notes = [...chosen.notes, ...(await remarksOnForeignCommits(clone, event, base, head))];
  if (base.sha === head.sha && !head.dirty) {
    if (options.base === undefined || options.head === undefined) {
      throw new TailgateError(
        "revision",
        `base and head are the same commit ${head.sha.slice(0, 10)}: there is nothing to compare`,
        "Name another one with `base`. To measure a commit against itself, name it twice: --base X --head X.",
      );
    }
    notes.push("base and head are the same commit: what differs is this machine's noise");
  }
  const far = options.base !== undefined && relativeBase(options.base) !== null;
  const between = far ? await commitsBetween(clone.git, base.sha, head.sha) : [];
  return { base, head, notes, between };
}

async function named(
  { clone, passedCommits = noStoredRun }: ResolveOptions,
  reference: string,
  head: Revision,
): Promise<ChosenBase> {
  const wanted = relativeBase(reference);
  if (wanted !== null) return chooseRelativeBase(clone, wanted, head, passedCommits);
  const revision = { sha: await obtainCommit(clone, reference), label: reference, dirty: false };
  return { revision, notes: await remarksOnNamedBase(clone, revision, head) };
}

async function headOf({ repository, clone, event, head }: ResolveOptions): Promise<Revision> {
  if (head === ".") {
    const status = await repository.git(["status", "--porcelain", "--untracked-files=normal"]);
    return { sha: await currentCommit(clone.git), label: "work tree", dirty: status.stdout !== "" };
  }
  if (head !== undefined) return { sha: await obtainCommit(clone, head), label: head, dirty: false };
  switch (event.kind) {
    case "pull_request":
      return {
        sha: await obtainCommit(clone, event.headSha),
        label: "head of the pull request",
        dirty: false,
      };
    case "push":
      if (isZero(event.headSha)) {
        throw new TailgateError(
          "revision",
          "the push deleted its branch: there is nothing to measure",
          "Skip the job for deletions: `if: ${{ !github.event.deleted }}`.",
        );
      }
      return { sha: await obtainCommit(clone, event.headSha), label: "pushed commit", dirty: false };
    case "merge_group":
      return {
        sha: await obtainCommit(clone, event.headSha),
        label: "head of the merge queue",
        dirty: false,
      };
    case "schedule":
    case "workflow_dispatch":
    case "local":
      return { sha: await currentCommit(clone.git), label: "HEAD", dirty: false };
  }
}

async function currentCommit(git: Git): Promise<string> {
  const sha = await commitOf(git, "HEAD");
  if (sha !== null) return sha;
  throw new TailgateError("revision", "the repository has no commit yet", "Commit something first.");
}
