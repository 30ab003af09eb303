import type { Git } from "../git.js";

/** A tag and the commit that it names. */
export interface Tag {
  readonly name: string;
  readonly sha: string;
}

/**
 * A version: two numbers or more, perhaps with `v`, or behind the name of a package (`api@1.2.0`, `api/v1.2.0`). `v1` that
 * moves with each release is none, nor is a candidate such as `v1.2.0-rc.1`.
 */
const VERSION = /^(?:[^\s]*[/@_-])?v?\d+(?:\.\d+){1,3}(?:\+[0-9A-Za-z.-]+)?$/i;

export function looksLikeVersion(name: string): boolean {
  return VERSION.test(name);
}

const MOST_TAGS = 5_000;

/**
 * Tags whose commits `head` holds, newest commit first.
 *
 * @param pattern - of names, as `git tag --list` takes it (`v*`); `null`: names that look like a version
 */
export async function releasesWithin(git: Git, head: string, pattern: string | null): Promise<Tag[]> {
  const listed = await git([
    "tag",
    "--list",
    "--sort=-creatordate",
    `--merged=${head}`,
    "--format=%(refname:strip=2)%00%(objectname)%00%(*objectname)",
    ...(pattern === null ? [] : ["--end-of-options", pattern]),
  ]);
  if (listed.code !== 0) return [];
  return listed.stdout
    .split("\n")
    .slice(0, MOST_TAGS)
    .flatMap((line) => {
      const [name, object, commit] = line.split("\0");
      if (name === undefined || name === "" || object === undefined) return [];
      return pattern !== null || looksLikeVersion(name) ? [{ name, sha: commit || object }] : [];
    });
}

/** Commits of a branch, the newest first: parents after their children. */
export async function commitsOf(git: Git, head: string, most: number): Promise<string[]> {
  const listed = await git(["rev-list", "--topo-order", `--max-count=${most}`, "--end-of-options", head]);
  return listed.code === 0 ? listed.stdout.split("\n").filter((sha) => sha !== "") : [];
}

/** A commit as a list names it. */
export interface Commit {
  readonly sha: string;
  readonly subject: string;
}

const MOST_BETWEEN = 300;
const LONGEST_SUBJECT = 300;

/** Commits of `head`'s first parents that `base` does not hold, newest first; no more than a reader could look at. */
export async function commitsBetween(git: Git, base: string, head: string): Promise<Commit[]> {
  const listed = await git([
    "log",
    "--first-parent",
    `--max-count=${MOST_BETWEEN}`,
    "--format=%H%x00%s",
    "--end-of-options",
    `${base}..${head}`,
  ]);
  if (listed.code !== 0) return [];
  return listed.stdout.split("\n").flatMap((line) => {
    const [sha, subject] = line.split("\0");
    return sha === undefined || subject === undefined
      ? []
      : [{ sha, subject: subject.slice(0, LONGEST_SUBJECT) }];
  });
}
