import { TailgateError } from "../../error.js";
import { gitOrThrow, lastWords, type Git, type GitOutput } from "../git.js";
import { requireReference } from "../reference.js";

/**
 * Text files of lines that live in a ref of their own: nothing of it is ever checked out, and who adds lines at the same
 * time loses none.
 */
export interface LinesRef {
  /** In a repository of ours, which can be fetched into. */
  readonly git: Git;
  /** Name or address of the remote that holds the ref. */
  readonly remote: string;
  /** Full name, such as `refs/notes/tailgate`. */
  readonly ref: string;
}

/** What an append needs beside git. */
export interface AppendEdges {
  readonly sleep: (ms: number) => Promise<void>;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

export interface Appended {
  /** The commit that holds the lines. */
  readonly commit: string;
  /** How many were not there yet. */
  readonly added: number;
  /** How often it was tried: more than once where others wrote at the same time. */
  readonly tries: number;
}

interface Entry {
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  readonly bytes: number;
  readonly path: string;
}

const HINT = "Check that the remote answers, and that this job may read from it.";
const REFUSED_HINT =
  "Give the job `permissions: { contents: write }` and let rules for refs leave this one out. Nothing is lost: the run's artifact holds result.json, and `tailgate history append result.json` adds it later.";

/** Where the fetched tip is kept in our own repository. */
const FETCHED = "refs/tailgate/fetched";
const MOST_TRIES = 40;
/** Of a failure that is neither a race nor a refusal, such as a broken connection. */
const MOST_UNEXPLAINED = 5;
const FIRST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 5_000;
/** GitHub refuses files of 100 MB. */
const LARGEST_FILE_BYTES = 64 * 1024 ** 2;
const MOST_READ_BYTES = 256 * 1024 ** 2;

/** Somebody else was faster: the lines are added to what is there now. */
const RACE =
  /stale info|fetch first|non-fast-forward|cannot lock ref|failed to (?:update|lock) ref|incorrect old value|reference already exists|expected [0-9a-f]{7,}|remote ref updated/i;
/** What trying again does not change. */
const REFUSAL =
  /\b40[134]\b|denied|protected|hook declined|not (?:permitted|allowed|accessible)|prohibited|authentication|could not read (?:username|password)|repository not found|does not appear to be a git repository|GH0\d\d|read-only|shallow update not allowed/i;

/**
 * Adds lines to a file of the ref: a commit on top of its tip, pushed only if the tip is still the one that was read.
 * Lines that are there already are not added again, so that an append may be repeated after any failure.
 *
 * @param path - of the file, at the root of the ref's tree
 * @throws TailgateError `revision` when the remote refuses, or does not settle
 */
export async function appendLines(
  place: LinesRef,
  path: string,
  lines: readonly string[],
  { sleep, random }: AppendEdges,
): Promise<Appended> {
  const { git, remote, ref } = place;
  let unexplained = 0;
  let said = "";
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    const tip = await fetchTip(place);
    const made = await commitWith(git, tip, path, lines);
    if (made === null) return { commit: tip!, added: 0, tries };
    const pushed = await git([
      "push",
      "--porcelain",
      "--no-verify",
      `--force-with-lease=${ref}:${tip ?? ""}`,
      "--end-of-options",
      remote,
      `${made.commit}:${ref}`,
    ]);
    if (pushed.code === 0) return { ...made, tries };
    said = refusalOf(pushed);
    if (!RACE.test(`${pushed.stdout}\n${pushed.stderr}`)) {
      unexplained++;
      if (REFUSAL.test(`${pushed.stdout}\n${pushed.stderr}`) || unexplained >= MOST_UNEXPLAINED) break;
    }
    // Full jitter (Brooker 2015): writers that collided once do not meet again.
    await sleep(random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries));
  }
  throw new TailgateError(
    "revision",
    `the history was not stored: ${ref} was not pushed: ${said}`,
    REFUSED_HINT,
  );
}

/** All files whose names fit, from the last name to the first, until they are too much. */
export async function readLinesRef(
  place: LinesRef,
  fits: (path: string) => boolean,
): Promise<{ readonly text: string; readonly leftOut: readonly string[] }> {
  const tip = await fetchTip(place);
  if (tip === null) return { text: "", leftOut: [] };
  const entries = (await entriesOf(place.git, tip)).filter(({ type, path }) => type === "blob" && fits(path));
  entries.sort((a, b) => (a.path < b.path ? 1 : -1));
  const texts: string[] = [];
  const leftOut: string[] = [];
  let bytes = 0;
  for (const entry of entries) {
    bytes += entry.bytes;
    if (bytes > MOST_READ_BYTES) leftOut.push(entry.path);
    else texts.unshift(await blobText(place.git, entry.sha));
  }
  return { text: texts.map(endedByBreak).join(""), leftOut };
}

/** The ref's tip, fetched; `null`: there is no such ref yet. */
async function fetchTip({ git, remote, ref }: LinesRef): Promise<string | null> {
  requireReference(ref);
  const asked = await git(["ls-remote", "--end-of-options", remote, ref]);
  if (asked.code !== 0) {
    throw new TailgateError("revision", `${ref} cannot be read: ${lastWords(asked)}`, HINT);
  }
  const line = asked.stdout.split("\n").find((one) => one.endsWith(`\t${ref}`));
  if (line === undefined) return null;
  await gitOrThrow(
    git,
    ["fetch", "--quiet", "--no-tags", "--depth=1", "--end-of-options", remote, `+${ref}:${FETCHED}`],
    `fetching ${ref}`,
    HINT,
  );
  return (
    await gitOrThrow(git, ["rev-parse", "--verify", `${FETCHED}^{commit}`], `reading ${ref}`, HINT)
  ).trim();
}

/** A commit on top of `tip` with the lines that it lacks; `null` when it has them all. */
async function commitWith(
  git: Git,
  tip: string | null,
  path: string,
  lines: readonly string[],
): Promise<{ readonly commit: string; readonly added: number } | null> {
  const entries = tip === null ? [] : await entriesOf(git, tip);
  const old = entries.find((entry) => entry.path === path);
  if (old !== undefined && old.bytes > LARGEST_FILE_BYTES) {
    throw new TailgateError(
      "revision",
      `the history was not stored: ${path} has grown to ${Math.round(old.bytes / 1024 ** 2)} MiB`,
      "Measure fewer scenarios on the default branch, or remove lines that are no longer needed.",
    );
  }
  const text = old === undefined ? "" : endedByBreak(await blobText(git, old.sha));
  const there = new Set(text.split("\n"));
  const missing = [...new Set(lines)].filter((line) => !there.has(line));
  if (missing.length === 0 && tip !== null) return null;
  const blob = await made(
    git,
    ["hash-object", "-w", "--stdin"],
    `${text}${missing.map((line) => `${line}\n`).join("")}`,
  );
  const kept = entries
    .filter((entry) => entry !== old)
    .map(({ mode, type, sha, path: at }) => `${mode} ${type} ${sha}\t${at}\0`);
  const tree = await made(git, ["mktree", "-z"], `${kept.join("")}100644 blob ${blob}\t${path}\0`);
  const commit = await made(
    git,
    [
      ...["-c", "user.name=Tailgate", "-c", "user.email=tailgate@users.noreply.github.com"],
      ...["commit-tree", tree, "-F", "-", ...(tip === null ? [] : ["-p", tip])],
    ],
    `${missing.length} lines of ${path}\n`,
  );
  return { commit, added: missing.length };
}

async function made(git: Git, args: readonly string[], input: string): Promise<string> {
  const output = await git(args, { input });
  if (output.code === 0) return output.stdout.trim();
  throw new TailgateError(
    "revision",
    `the history was not stored: ${lastWords(output)}`,
    "Check that the disk has room, and the repository with `git fsck`.",
  );
}

async function entriesOf(git: Git, commit: string): Promise<Entry[]> {
  const listed = await gitOrThrow(git, ["ls-tree", "-z", "-l", commit], "reading the history", HINT);
  return listed.split("\0").flatMap((line) => {
    const [, mode, type, sha, bytes, path] = /^(\d+) (\w+) ([0-9a-f]+) +(\d+|-)\t(.+)$/su.exec(line) ?? [];
    return path === undefined
      ? []
      : [{ mode: mode!, type: type!, sha: sha!, bytes: Number(bytes) || 0, path }];
  });
}

function blobText(git: Git, sha: string): Promise<string> {
  return gitOrThrow(git, ["cat-file", "blob", sha], "reading the history", HINT);
}

/** What was cut off must not run into the next line. */
function endedByBreak(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

/** Why a push failed: the remote's words, else git's. */
function refusalOf(pushed: GitOutput): string {
  const rejected = /^!\t[^\t]*\t(.+)$/mu.exec(pushed.stdout)?.[1];
  const words = lastWords(pushed);
  return rejected === undefined ? words : `${rejected} (${words})`;
}
