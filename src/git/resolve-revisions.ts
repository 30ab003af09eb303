import { TailgateError } from "../error.js";
import type { RevisionEvent } from "./revision-event.js";
import { mergeBaseOf, obtainCommit, parentOf } from "./fetch.js";
import type { Git } from "./git.js";
import { commitOf } from "./reference.js";
import { openRepository } from "./repository.js";
import type { Revision } from "./revision.js";

export interface ResolveOptions {
  /** Any folder of the repository. */
  readonly repository: string;
  readonly event: RevisionEvent;
  /** A branch, tag or sha that is base as it stands, instead of what the event says. */
  readonly base?: string;
  /** A branch, tag or sha; `.` is the work tree with its uncommitted changes. */
  readonly head?: string;
}

export interface ResolvedRevisions {
  readonly base: Revision;
  readonly head: Revision;
  /** What a reader of the report should know about the choice. */
  readonly notes: readonly string[];
}

/**
 * The two commits that are compared.
 *
 * @throws TailgateError `revision` where there is no repository, a commit cannot be had, or both would be the same one
 * without anybody having asked for that.
 */
export async function resolveRevisions(options: ResolveOptions): Promise<ResolvedRevisions> {
  const { git } = await openRepository(options.repository);
  const notes: string[] = [];
  const head = await headOf(git, options);
  const base =
    options.base === undefined
      ? await baseFor(git, options.event, head, notes)
      : { sha: await obtainCommit(git, options.base), label: options.base, dirty: false };

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
  if (options.base !== undefined) await noteAncestry(git, base, head, notes);
  return { base, head, notes };
}

async function headOf(git: Git, { event, head }: ResolveOptions): Promise<Revision> {
  if (head === ".") {
    const status = await git(["status", "--porcelain", "--untracked-files=normal"]);
    return { sha: await currentCommit(git), label: "work tree", dirty: status.stdout !== "" };
  }
  if (head !== undefined) return { sha: await obtainCommit(git, head), label: head, dirty: false };
  switch (event.kind) {
    case "pull_request":
      return { sha: await obtainCommit(git, event.headSha), label: "head of the pull request", dirty: false };
    case "push":
      if (isZero(event.headSha)) {
        throw new TailgateError(
          "revision",
          "the push deleted its branch: there is nothing to measure",
          "Skip the job for deletions: `if: ${{ !github.event.deleted }}`.",
        );
      }
      return { sha: await obtainCommit(git, event.headSha), label: "pushed commit", dirty: false };
    case "merge_group":
      return { sha: await obtainCommit(git, event.headSha), label: "head of the merge queue", dirty: false };
    case "schedule":
    case "workflow_dispatch":
    case "local":
      return { sha: await currentCommit(git), label: "HEAD", dirty: false };
  }
}

async function baseFor(git: Git, event: RevisionEvent, head: Revision, notes: string[]): Promise<Revision> {
  switch (event.kind) {
    case "pull_request": {
      const tip = await obtainCommit(git, event.baseSha);
      return {
        sha: await mergeBaseOf(git, tip, head.sha),
        label: `merge base of ${event.baseRef}`,
        dirty: false,
      };
    }
    case "push":
      return beforePush(git, event, head, notes);
    case "merge_group":
      return { sha: await obtainCommit(git, event.baseSha), label: "base of the merge queue", dirty: false };
    case "schedule":
    case "workflow_dispatch":
      return parent(git, head);
    case "local":
      return localBase(git, head);
  }
}

async function beforePush(
  git: Git,
  event: Extract<RevisionEvent, { kind: "push" }>,
  head: Revision,
  notes: string[],
): Promise<Revision> {
  if (!isZero(event.before)) {
    const before = await obtainCommit(git, event.before).catch(() => null);
    if (before !== null) return { sha: before, label: "commit before the push", dirty: false };
    notes.push("the commit before the push is gone, as after a force push: base is the parent of head");
    return parent(git, head);
  }
  if (event.defaultBranch !== null) {
    const tip = await obtainCommit(git, event.defaultBranch).catch(() => null);
    const base = tip === null ? null : await mergeBaseOf(git, tip, head.sha).catch(() => null);
    if (base !== null && base !== head.sha) {
      return { sha: base, label: `merge base of ${event.defaultBranch}`, dirty: false };
    }
  }
  return parent(git, head);
}

/** On a branch, where it left the default branch; on the default branch itself, what the change builds on. */
async function localBase(git: Git, head: Revision): Promise<Revision> {
  const branch = await defaultBranch(git);
  if (branch !== null) {
    const base = await mergeBaseOf(git, branch.sha, head.sha);
    if (base !== head.sha) return { sha: base, label: `merge base of ${branch.name}`, dirty: false };
  }
  return head.dirty ? { sha: head.sha, label: "HEAD", dirty: false } : parent(git, head);
}

async function defaultBranch(git: Git): Promise<{ readonly name: string; readonly sha: string } | null> {
  for (const name of [
    "refs/remotes/origin/HEAD",
    "refs/remotes/origin/main",
    "refs/remotes/origin/master",
    "main",
    "master",
  ]) {
    const sha = await commitOf(git, name);
    if (sha !== null) return { name: name.replace(/^refs\/remotes\//, ""), sha };
  }
  return null;
}

async function parent(git: Git, head: Revision): Promise<Revision> {
  const sha = await parentOf(git, head.sha);
  if (sha !== null) return { sha, label: `parent of ${head.label}`, dirty: false };
  throw new TailgateError(
    "revision",
    `${head.sha.slice(0, 10)} is the first commit: there is nothing before it to compare with`,
    "Name a commit with `base`.",
  );
}

async function currentCommit(git: Git): Promise<string> {
  const sha = await commitOf(git, "HEAD");
  if (sha !== null) return sha;
  throw new TailgateError("revision", "the repository has no commit yet", "Commit something first.");
}

/** A base that head does not hold brings in changes of others, with their sign turned. */
async function noteAncestry(git: Git, base: Revision, head: Revision, notes: string[]): Promise<void> {
  const missing = await git(["rev-list", "--count", "--end-of-options", `${head.sha}..${base.sha}`]);
  const count = Number(missing.stdout);
  if (missing.code === 0 && count > 0) {
    notes.push(
      `base has ${count} commit${count === 1 ? "" : "s"} that head does not hold; they are part of the difference`,
    );
  }
}

function isZero(sha: string): boolean {
  return /^0+$/.test(sha);
}
