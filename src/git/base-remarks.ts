import { commitOf } from "./reference.js";
import type { Revision } from "./revision.js";
import type { RevisionEvent } from "./revision-event.js";
import type { SharedClone } from "./clone-of-objects.js";

/*
 * What a reader of the report should know about the two commits: whatever is part of their difference and was not
 * written for this change.
 */

/** What a base that somebody named brings in with its sign turned: commits that head does not hold. */
export async function remarksOnNamedBase(
  clone: SharedClone,
  base: Revision,
  head: Revision,
): Promise<string[]> {
  const count = await countBetween(clone, head.sha, base.sha);
  if (count === 0) return [];
  return [`base has ${commits(count)} that head does not hold; they are part of the difference`];
}

/**
 * Commits of the default branch that head holds and base does not, as after a merge of that branch: part of the
 * difference, and nobody wrote them for this change. Nothing where head is itself part of the default branch.
 */
export async function remarksOnForeignCommits(
  clone: SharedClone,
  event: RevisionEvent,
  base: Revision,
  head: Revision,
): Promise<string[]> {
  const named = "defaultBranch" in event ? event.defaultBranch : null;
  const known =
    named === null
      ? await knownDefaultBranch(clone)
      : { name: named, sha: await commitOf(clone.git, `refs/remotes/origin/${named}`) };
  if (known?.sha == null) return [];
  const shared = await clone.git(["merge-base", "--end-of-options", known.sha, head.sha]);
  const newest = shared.stdout.trim();
  if (shared.code !== 0 || newest === head.sha || (await isAncestor(clone, newest, base.sha))) return [];
  const count = await countBetween(clone, base.sha, newest);
  if (count === 0) return [];
  const name = known.name.replace(/^origin\//, "");
  return [
    `head holds ${commits(count)} of ${name} that base lacks; they are part of the difference although this change did not write them`,
  ];
}

/** What is out of the ordinary about merge bases. */
export function remarksOnMergeBases(
  bases: { readonly shas: readonly string[]; readonly uncertain: string | null },
  between: string,
): string[] {
  const several =
    bases.shas.length > 1
      ? [
          `${between} have ${bases.shas.length} merge bases, as after criss-cross merges: base is ${short(bases.shas[0]!)}, the most recent`,
        ]
      : [];
  const hidden =
    bases.uncertain === null
      ? []
      : [
          `a nearer merge base of ${between} may be cut off, because ${bases.uncertain}: check out with \`fetch-depth: 0\``,
        ];
  return [...several, ...hidden];
}

/** The default branch as this clone knows it, without asking the remote. */
export async function knownDefaultBranch({
  git,
}: SharedClone): Promise<{ readonly name: string; readonly sha: string } | null> {
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

/** Whether `other` holds `one`; also when they are the same commit. */
export async function isAncestor({ git }: SharedClone, one: string, other: string): Promise<boolean> {
  return (await git(["merge-base", "--is-ancestor", "--end-of-options", one, other])).code === 0;
}

/** Commits that `to` holds and `from` does not; 0 where it cannot be told. */
export async function countBetween({ git }: SharedClone, from: string, to: string): Promise<number> {
  const counted = await git(["rev-list", "--count", "--end-of-options", `${from}..${to}`]);
  return counted.code === 0 ? Number(counted.stdout) : 0;
}

export function commits(count: number): string {
  return `${count} commit${count === 1 ? "" : "s"}`;
}

/** A commit as a sentence names it. */
export function short(sha: string): string {
  return sha.slice(0, 10);
}
