import { TailgateError } from "../../error.js";
import { countBetween, short } from "../base-remarks.js";
import type { ChosenBase } from "../choose-base.js";
import { lastWords, type Git } from "../git.js";
import { requireReference } from "../reference.js";
import type { Revision } from "../revision.js";
import type { SharedClone } from "../clone-of-objects.js";
import { looksLikeVersion, releasesWithin, type Tag } from "./releases.js";

/** A base that is named by its place in history instead of by a name of its own. */
export type RelativeBase =
  | { readonly kind: "last-release"; readonly pattern: string | null }
  | { readonly kind: "last-green" }
  | { readonly kind: "ago"; readonly words: string };

/** What a name for base means; `null`: it is a branch, a tag or a commit. A branch of such a name is `refs/heads/NAME`. */
export function relativeBase(reference: string): RelativeBase | null {
  const text = reference.trim();
  if (text === "last-green") return { kind: "last-green" };
  const release = /^last-release(?:\s*:\s*(.+))?$/su.exec(text);
  if (release !== null) return { kind: "last-release", pattern: release[1] ?? null };
  return /^\d{1,4} (?:day|week|month|year)s? ago$/u.test(text) ? { kind: "ago", words: text } : null;
}

/** Shas of commits with a stored pass. @throws TailgateError where the history cannot be read */
export type PassedCommits = () => Promise<ReadonlySet<string>>;

/**
 * The commit that a relative base means, among those that head builds on.
 *
 * @throws TailgateError `revision` with what is missing
 */
export async function chooseRelativeBase(
  clone: SharedClone,
  wanted: RelativeBase,
  head: Revision,
  passedCommits: PassedCommits,
): Promise<ChosenBase> {
  switch (wanted.kind) {
    case "last-release": {
      const tag = await lastRelease(clone, wanted.pattern, head);
      return chosen(clone, tag.sha, `${tag.name}, the last release`, head);
    }
    case "last-green":
      return chosen(clone, await lastGreen(clone, head, await passedCommits()), "the last stored pass", head);
    case "ago":
      return chosen(clone, await commitBefore(clone, wanted.words, head), wanted.words, head);
  }
}

async function chosen(clone: SharedClone, sha: string, label: string, head: Revision): Promise<ChosenBase> {
  const count = await countBetween(clone, sha, head.sha);
  const notes = [
    `base is ${short(sha)}, ${label}: the difference is of ${count} ${count === 1 ? "commit" : "commits"}`,
  ];
  return { revision: { sha, label, dirty: false }, notes };
}

/** How many releases are compared by their distance; older ones are farther away. */
const MOST_CANDIDATES = 30;

async function lastRelease(clone: SharedClone, pattern: string | null, head: Revision): Promise<Tag> {
  const { git } = clone;
  if (pattern !== null) requireReference(pattern);
  const nearest = async (): Promise<Tag | null> => {
    const found = (await releasesWithin(git, head.sha, pattern)).filter(({ sha }) => sha !== head.sha);
    let best: { tag: Tag; distance: number } | null = null;
    for (const tag of found.slice(0, MOST_CANDIDATES)) {
      const distance = await countBetween(clone, tag.sha, head.sha);
      if (best === null || distance < best.distance) best = { tag, distance };
    }
    return best?.tag ?? null;
  };
  const here = await nearest();
  if (here !== null && !(await isShallow(git))) return here;
  const refusal = await fetchWhole(git);
  const there = await nearest();
  if (there !== null) return there;
  throw await noRelease(git, pattern, head, refusal);
}

async function noRelease(
  git: Git,
  pattern: string | null,
  head: Revision,
  refusal: string | null,
): Promise<TailgateError> {
  const names = (await git(["tag", "--list"])).stdout.split("\n").filter((name) => name !== "");
  const hint =
    "Check out with the whole history and its tags (`fetch-depth: 0`), name the tags as in `last-release: v*`, or name a commit with `base`.";
  const could = refusal === null ? "" : ` (more could not be fetched: ${refusal})`;
  if (names.length === 0) {
    return new TailgateError("revision", `there is no last release: no tag is known here${could}`, hint);
  }
  const matching = pattern === null ? names.filter(looksLikeVersion) : [];
  if (pattern === null && matching.length === 0) {
    const what = `none of ${names.length} tags looks like a version, such as v1.2.0`;
    return new TailgateError("revision", `there is no last release: ${what}${could}`, hint);
  }
  const which =
    pattern === null ? matching.slice(0, 3).join(", ") : `whatever ${JSON.stringify(pattern)} matches`;
  return new TailgateError(
    "revision",
    `there is no last release: ${short(head.sha)} does not build on ${which}${could}`,
    hint,
  );
}

async function lastGreen(clone: SharedClone, head: Revision, passed: ReadonlySet<string>): Promise<string> {
  if (passed.size === 0) throw noGreen("no stored run has passed");
  await wholeIfShallow(clone.git);
  const listed = await clone.git(["rev-list", "--topo-order", "--end-of-options", head.sha]);
  const found = listed.stdout.split("\n").find((sha) => sha !== head.sha && passed.has(sha));
  if (found === undefined)
    throw noGreen(`none of ${passed.size} stored passes is of a commit that ${short(head.sha)} builds on`);
  return found;
}

function noGreen(why: string): TailgateError {
  return new TailgateError(
    "revision",
    `there is no last green commit: ${why}`,
    "Keep runs of the default branch with `history: true` and `mode: history`, or name a commit with `base`.",
  );
}

async function commitBefore({ git }: SharedClone, words: string, head: Revision): Promise<string> {
  const ask = async (): Promise<string> =>
    (
      await git(["rev-list", "-1", "--first-parent", `--before=${words}`, "--end-of-options", head.sha])
    ).stdout.trim();
  const here = await ask();
  if (here !== "" && here !== head.sha) return here;
  await wholeIfShallow(git);
  const there = await ask();
  if (there !== "") return there;
  throw new TailgateError(
    "revision",
    `${short(head.sha)} builds on no commit that is older than ${words.replace(/ ago$/u, "")}`,
    "Name a later time or a commit with `base`, and check out with the whole history (`fetch-depth: 0`).",
  );
}

async function isShallow(git: Git): Promise<boolean> {
  return (await git(["rev-parse", "--is-shallow-repository"])).stdout.trim() === "true";
}

async function wholeIfShallow(git: Git): Promise<void> {
  if (await isShallow(git)) await fetchWhole(git);
}

/** Fetches tags and whatever a shallow clone lacks. Gives the remote's refusal, or `null`. */
async function fetchWhole(git: Git): Promise<string | null> {
  const depth = (await isShallow(git)) ? ["--unshallow"] : [];
  const fetched = await git(["fetch", "--quiet", "--tags", ...depth, "--end-of-options", "origin"]);
  return fetched.code === 0 ? null : lastWords(fetched);
}
