import { TailgateError } from "../error.js";
import {
  commits,
  countBetween,
  isAncestor,
  knownDefaultBranch,
  remarksOnMergeBases,
  short,
} from "./base-remarks.js";
import { mergeBasesOf, obtainCommit, parentOf, parentsOf, presentTip } from "./fetch.js";
import { commitOf } from "./reference.js";
import type { Revision } from "./revision.js";
import type { RevisionEvent } from "./revision-event.js";
import type { SharedClone } from "./clone-of-objects.js";

/** Which commit is base, and what a reader of the report should know about the choice. */
export interface ChosenBase {
  readonly revision: Revision;
  readonly notes: readonly string[];
}

type EventOf<K extends RevisionEvent["kind"]> = Extract<RevisionEvent, { kind: K }>;

/**
 * The base that an event means where the user names none. docs/which-commits.md has the table of these rules.
 *
 * @throws TailgateError `revision` where history does not hold one
 */
export async function chooseBase(
  clone: SharedClone,
  event: RevisionEvent,
  head: Revision,
): Promise<ChosenBase> {
  switch (event.kind) {
    case "pull_request":
      return baseOfPullRequest(clone, event, head);
    case "push":
      return baseOfPush(clone, event, head);
    case "merge_group":
      return baseOfMergeGroup(clone, event, head);
    case "schedule":
    case "workflow_dispatch":
      return (await forkPoint(clone, event.defaultBranch, head)) ?? parent(clone, head);
    case "local":
      return localBase(clone, head);
  }
}

/**
 * The merge base with the present tip of the base branch. GitHub writes `base.sha` when the pull request is opened and
 * seldom again: head may hold commits of the base branch that came later, which are not the pull request's doing.
 */
async function baseOfPullRequest(
  clone: SharedClone,
  event: EventOf<"pull_request">,
  head: Revision,
): Promise<ChosenBase> {
  const notes: string[] = [];
  const tip = await presentTip(clone, event.baseRef);
  const merged = await firstParentOfMerge(clone, head.sha);
  const witness = tip.sha ?? merged;
  if (witness === null) {
    const bases = await mergeBasesOf(clone, await obtainCommit(clone, event.baseSha), head.sha);
    notes.push(
      `the present tip of ${event.baseRef} cannot be had (${tip.notFetched ?? "unknown"}): base rests on ${short(event.baseSha)}, which the event names and ${event.baseRef} may have left long ago`,
      ...remarksOnMergeBases(bases, `${event.baseRef} and head`),
    );
    return { revision: revision(bases.shas[0], `merge base of ${event.baseRef} as of the event`), notes };
  }
  const chosen = await mergeBasesOf(clone, witness, head.sha);
  let sha = chosen.shas[0];
  notes.push(...remarksOnMergeBases(chosen, `${event.baseRef} and head`));
  // Where the remote cannot be asked, the merge commit that GitHub made may know a later tip than this clone.
  if (tip.notFetched !== null && merged !== null && merged !== witness) {
    const other = (await mergeBasesOf(clone, merged, head.sha)).shas[0];
    if (other !== sha && (await isAncestor(clone, sha, other))) sha = other;
  }
  const stale = await mergeBaseOrNull(clone, event.baseSha, head.sha);
  if (stale !== null && stale !== sha) notes.push(await differsFromEvent(clone, event, stale, sha));
  return { revision: revision(sha, `merge base of ${event.baseRef}`), notes };
}

/** The base branch's tip that GitHub merged head into, where that merge (refs/pull/N/merge) is checked out. */
async function firstParentOfMerge({ git }: SharedClone, head: string): Promise<string | null> {
  const current = await commitOf(git, "HEAD");
  if (current === null) return null;
  const parents = await parentsOf(git, current);
  return parents.length === 2 && parents[1] === head && (await commitOf(git, parents[0]!)) !== null
    ? parents[0]!
    : null;
}

async function differsFromEvent(
  clone: SharedClone,
  event: EventOf<"pull_request">,
  stale: string,
  sha: string,
): Promise<string> {
  const { baseRef, baseSha } = event;
  if (await isAncestor(clone, stale, sha)) {
    return `head holds commits of ${baseRef} that are newer than ${short(baseSha)}, the tip that the event names: base is ${short(sha)}, the merge base with the present tip`;
  }
  // The base branch was rewritten: what head took over from its old self is part of the difference.
  const count = await countBetween(clone, sha, stale);
  return `${baseRef} no longer holds ${short(baseSha)}, the tip that the event names: base is ${short(sha)}, the merge base with the present tip${count > 0 ? `, and ${commits(count)} of the former ${baseRef} in head ${count === 1 ? "is" : "are"} part of the difference` : ""}`;
}

async function baseOfPush(clone: SharedClone, event: EventOf<"push">, head: Revision): Promise<ChosenBase> {
  if (event.ref.startsWith("refs/tags/")) return baseOfTag(clone, head);
  const branch = event.ref.replace(/^refs\/heads\//, "");
  const ofDefault = branch === event.defaultBranch;
  const fork = async (): Promise<ChosenBase | null> =>
    ofDefault ? null : forkPoint(clone, event.defaultBranch, head);
  // A branch that is new has no commit before it.
  if (isZero(event.before)) return (await fork()) ?? parent(clone, head);

  const before = await obtainCommit(clone, event.before).catch(() => null);
  if (before === null) {
    const chosen = (await fork()) ?? (await parent(clone, head));
    const gone = `the commit before the push, ${short(event.before)}, is gone, as after a force-push: base is the ${chosen.revision.label}`;
    return { ...chosen, notes: [gone, ...chosen.notes] };
  }
  const shared = await mergeBasesOf(clone, before, head.sha).catch(() => null);
  if (shared?.shas[0] === before && before !== head.sha) {
    return { revision: revision(before, "commit before the push"), notes: [] };
  }
  const chosen =
    (await fork()) ??
    (shared === null || shared.shas[0] === head.sha
      ? await parent(clone, head)
      : {
          revision: revision(shared.shas[0], "fork point of the force-push"),
          notes: remarksOnMergeBases(shared, "the commit before the push and head"),
        });
  const forced = `the push was forced: head does not build on ${short(before)}, the commit before it; base is the ${chosen.revision.label}`;
  return { ...chosen, notes: [forced, ...chosen.notes] };
}

/** A tag is compared with the nearest tag before it: what users of the former release will feel. */
async function baseOfTag(clone: SharedClone, head: Revision): Promise<ChosenBase> {
  const described = await clone.git(["describe", "--tags", "--abbrev=0", "--end-of-options", `${head.sha}^`]);
  const name = described.stdout.trim();
  const sha = described.code === 0 ? await commitOf(clone.git, `refs/tags/${name}`) : null;
  if (sha !== null) return { revision: revision(sha, `tag ${name}, the nearest before it`), notes: [] };
  const chosen = await parent(clone, head);
  return { ...chosen, notes: ["no earlier tag is known here: base is the parent of the tagged commit"] };
}

/** The queue names what its entry stands on; that it really does is checked. */
async function baseOfMergeGroup(
  clone: SharedClone,
  event: EventOf<"merge_group">,
  head: Revision,
): Promise<ChosenBase> {
  const base = await obtainCommit(clone, event.baseSha);
  const shared = await mergeBasesOf(clone, base, head.sha);
  if (shared.shas[0] === base) return { revision: revision(base, "base of the merge queue"), notes: [] };
  return {
    revision: revision(shared.shas[0], "merge base of the merge queue"),
    notes: [
      `head does not build on ${short(base)}, which the merge queue names: base is the merge base ${short(shared.shas[0])}`,
      ...remarksOnMergeBases(shared, "the queue's base and head"),
    ],
  };
}

/** Where a branch left the default branch; `null` on the default branch itself, and where it is not known. */
async function forkPoint(
  clone: SharedClone,
  defaultBranch: string | null,
  head: Revision,
): Promise<ChosenBase | null> {
  if (defaultBranch === null) return null;
  const tip = await presentTip(clone, defaultBranch);
  const sha = tip.sha ?? (await commitOf(clone.git, `refs/heads/${defaultBranch}`));
  const bases = sha === null ? null : await mergeBasesOf(clone, sha, head.sha).catch(() => null);
  if (bases === null || bases.shas[0] === head.sha) return null;
  return {
    revision: revision(bases.shas[0], `merge base of ${defaultBranch}`),
    notes: remarksOnMergeBases(bases, `${defaultBranch} and head`),
  };
}

/** On a branch, where it left the default branch; on the default branch itself, what the change builds on. */
async function localBase(clone: SharedClone, head: Revision): Promise<ChosenBase> {
  const branch = await knownDefaultBranch(clone);
  if (branch !== null) {
    const bases = await mergeBasesOf(clone, branch.sha, head.sha);
    if (bases.shas[0] !== head.sha) {
      return {
        revision: revision(bases.shas[0], `merge base of ${branch.name}`),
        notes: remarksOnMergeBases(bases, `${branch.name} and head`),
      };
    }
  }
  return head.dirty ? { revision: revision(head.sha, "HEAD"), notes: [] } : parent(clone, head);
}

async function parent(clone: SharedClone, head: Revision): Promise<ChosenBase> {
  const sha = await parentOf(clone, head.sha);
  if (sha !== null) return { revision: revision(sha, `parent of ${head.label}`), notes: [] };
  throw new TailgateError(
    "revision",
    `${head.sha.slice(0, 10)} is the first commit: there is nothing before it to compare with`,
    "Name a commit with `base`.",
  );
}

async function mergeBaseOrNull(clone: SharedClone, one: string, other: string): Promise<string | null> {
  const commit = await obtainCommit(clone, one).catch(() => null);
  if (commit === null) return null;
  return (await mergeBasesOf(clone, commit, other).catch(() => null))?.shas[0] ?? null;
}

function revision(sha: string, label: string): Revision {
  return { sha, label, dirty: false };
}

export function isZero(sha: string): boolean {
  return /^0+$/.test(sha);
}
