import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { TailgateError } from "../error.js";
import { lastWords, type Git } from "./git.js";
import { commitOf, FULL_SHA, requireReference } from "./reference.js";
import type { SharedClone } from "./clone-of-objects.js";

const HINT = "Check out with the whole history: `with: { fetch-depth: 0 }` on actions/checkout.";

/** How many more commits each step of deepening asks for; the last one asks for all. */
const STEPS = [50, 200, 1000, 2_147_483_647];

async function isShallow(git: Git): Promise<boolean> {
  return (await git(["rev-parse", "--is-shallow-repository"])).stdout.trim() === "true";
}

/**
 * The commit a name stands for, fetched from `origin` if it is not here.
 *
 * @throws TailgateError `revision` if it is neither here nor there.
 */
export async function obtainCommit({ git }: SharedClone, reference: string): Promise<string> {
  requireReference(reference);
  const here = await commitOf(git, reference);
  if (here !== null) return here;
  const source = FULL_SHA.test(reference)
    ? reference
    : `+refs/heads/${reference}:refs/remotes/origin/${reference}`;
  const fetched = await fetchTip(git, source);
  const there = await commitOf(git, reference);
  if (there !== null) return there;
  throw new TailgateError(
    "revision",
    `${JSON.stringify(reference)} is no commit of this repository${fetched === null ? "" : ` (${fetched})`}`,
    `Check its spelling. ${HINT}`,
  );
}

/** Where a branch stands now, and whether its remote said so. */
export interface BranchTip {
  readonly sha: string;
  /** `null`: fetched just now. Otherwise why that was not possible; the tip is what this clone knew. */
  readonly notFetched: string | null;
}

/**
 * The present tip of a branch of `origin`: fetched, or as this clone knows it where the remote cannot be asked.
 *
 * @param branch short name, such as `main`
 * @returns `notFetched` alone where it cannot be had at all
 */
export async function presentTip(
  { git }: SharedClone,
  branch: string,
): Promise<BranchTip | { readonly sha: null; readonly notFetched: string }> {
  requireReference(branch);
  const tracking = `refs/remotes/origin/${branch}`;
  const notFetched = await fetchTip(git, `+refs/heads/${branch}:${tracking}`);
  const tip = await git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${tracking}^{commit}`]);
  const sha = tip.code === 0 ? tip.stdout.trim() : null;
  return sha === null ? { sha, notFetched: notFetched ?? "the branch is not there" } : { sha, notFetched };
}

/**
 * Fetches one branch or commit. Gives the remote's refusal, or `null`. In a shallow clone only what is not here yet is
 * fetched, and without its history: with a depth, git would cut off history that is here.
 */
async function fetchTip(git: Git, source: string): Promise<string | null> {
  let depth: readonly string[] = [];
  if (await isShallow(git)) {
    const [from, to] = source.replace(/^\+/, "").split(":") as [string, string | undefined];
    if (to !== undefined) {
      const asked = await git(["ls-remote", "--exit-code", "--end-of-options", "origin", from]);
      if (asked.code !== 0) return lastWords(asked);
      const sha = asked.stdout.split("\t")[0]!;
      if ((await git(["cat-file", "-e", `${sha}^{commit}`])).code === 0) {
        await git(["update-ref", to, sha]);
        return null;
      }
    }
    depth = ["--depth=1"];
  }
  const fetched = await git([
    "fetch",
    "--no-tags",
    "--quiet",
    ...depth,
    "--end-of-options",
    "origin",
    source,
  ]);
  return fetched.code === 0 ? null : lastWords(fetched);
}

/** The nearest common ancestors of two commits. */
export interface MergeBases {
  /** One, but for criss-cross merges; the most recent first. */
  readonly shas: readonly [string, ...string[]];
  /** Why a nearer one may be hidden behind the cut-off edge of a shallow clone; `null`: none can be. */
  readonly uncertain: string | null;
}

/**
 * The nearest common ancestors of two commits, deepening a shallow clone from its remote until no commit that was cut
 * off could hide a nearer one.
 *
 * @throws TailgateError `revision` if they share none, or if the remote does not give what is missing.
 */
export async function mergeBasesOf(clone: SharedClone, one: string, other: string): Promise<MergeBases> {
  const { git } = clone;
  let refusal: string | null = null;
  let found: MergeBases["shas"] | null = null;
  for (const step of [0, ...STEPS]) {
    if (step > 0) {
      if (!(await isShallow(git))) break;
      refusal = await deepen(git, step, [one, other]);
      if (refusal !== null) break;
    }
    const told = await git(["merge-base", "--all", "--end-of-options", one, other]);
    found = told.code === 0 ? await newestFirst(git, told.stdout.trim().split("\n")) : null;
    if (found !== null && !(await mayHideNearer(clone, one, other, found))) {
      return { shas: found, uncertain: null };
    }
  }
  if (found !== null) {
    return {
      shas: found,
      uncertain: `the clone is shallow${refusal === null ? "" : ` and could not be deepened (${refusal})`}`,
    };
  }
  const why =
    refusal === null ? "they share no commit" : `the clone is shallow and could not be deepened: ${refusal}`;
  throw new TailgateError(
    "revision",
    `no merge base of ${one.slice(0, 10)} and ${other.slice(0, 10)}: ${why}`,
    HINT,
  );
}

/**
 * Whether a commit at the cut-off edge could have common ancestors behind it that are nearer than those found. What lies
 * behind an ancestor of a found one is farther away; any other edge that one of the two reaches may hide something.
 */
async function mayHideNearer(
  { git, folder }: SharedClone,
  one: string,
  other: string,
  found: readonly string[],
): Promise<boolean> {
  const edge = new Set((await readFile(join(folder, "shallow"), "utf8").catch(() => "")).split("\n"));
  edge.delete("");
  if (edge.size === 0) return false;
  const outside = await git(["rev-list", "--end-of-options", one, other, ...found.map((sha) => `^${sha}`)]);
  return outside.code !== 0 || outside.stdout.split("\n").some((sha) => edge.has(sha));
}

async function newestFirst(git: Git, shas: readonly string[]): Promise<MergeBases["shas"]> {
  const sorted = await git(["rev-list", "--no-walk=sorted", "--end-of-options", ...shas]);
  return sorted.stdout.trim().split("\n") as [string, ...string[]];
}

/** First parent of a commit, deepened for if need be; `null` for a root commit. */
export async function parentOf({ git }: SharedClone, commit: string): Promise<string | null> {
  const [first] = await parentsOf(git, commit);
  if (first === undefined) return null;
  if ((await commitOf(git, first)) !== null) return first;
  const refusal = await deepen(git, 2, [commit]);
  if ((await commitOf(git, first)) !== null) return first;
  throw new TailgateError(
    "revision",
    `the parent of ${commit.slice(0, 10)} is missing: the clone is shallow${refusal === null ? "" : ` and could not be deepened: ${refusal}`}`,
    HINT,
  );
}

/** All parents that a commit names, whether they are here or not. */
export async function parentsOf(git: Git, commit: string): Promise<string[]> {
  const { stdout } = await git(["cat-file", "-p", commit]);
  const header = stdout.split("\n\n")[0] ?? "";
  return [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map((match) => match[1]!);
}

/** Fetches further back from the given commits. Gives the remote's refusal, or `null`. */
async function deepen(git: Git, commits: number, from: readonly string[]): Promise<string | null> {
  const options = ["fetch", "--no-tags", "--quiet", `--deepen=${commits}`, "--end-of-options", "origin"];
  // By name first; a server that does not give commits by sha still gives its branches.
  const named = await git([...options, ...from]);
  if (named.code === 0) return null;
  const all = await git(options);
  return all.code === 0 ? null : lastWords(all);
}
