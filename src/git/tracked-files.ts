import { createHash } from "node:crypto";
import { createReadStream, type BigIntStats } from "node:fs";
import { lstat, readlink } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

import { TailgateError } from "../error.js";
import { gitIn, gitOrThrow, type Git } from "./git.js";

/** What the tracked files were at one moment. It is kept in memory, because head's code could change any file. */
export interface TrackedFilesSnapshot {
  /** @throws TailgateError `revision` that names files which are no longer as they were */
  verifyUnchanged(): Promise<void>;
}

interface FileState {
  readonly stamp: string;
  readonly content: string;
}

const AT_ONCE = 32;

/**
 * Remembers the files that git tracks in a checkout. The comparison later reads only the files whose stamp differs: an
 * ordinary user cannot set the time of last change (ctime) back.
 *
 * @param label - what the checkout is called in an error
 */
export async function snapshotTrackedFiles(
  folder: string,
  git: Git,
  label: string,
): Promise<TrackedFilesSnapshot> {
  const paths = await trackedFiles(folder, git);
  const states = new Map<string, FileState>();
  await forEach(paths, async (path) => {
    const full = join(folder, path);
    const stats = await statOrNull(full);
    states.set(path, { stamp: stampOf(stats), content: await contentOf(full, stats) });
  });
  return {
    async verifyUnchanged() {
      const changed: string[] = [];
      await forEach(paths, async (path) => {
        const full = join(folder, path);
        const stats = await statOrNull(full);
        const before = states.get(path)!;
        if (stampOf(stats) === before.stamp) return;
        if ((await contentOf(full, stats)) !== before.content) changed.push(path);
      });
      if (changed.length > 0) throw changedSince(label, changed.sort());
    },
  };
}

function changedSince(label: string, changed: readonly string[]): TailgateError {
  const named = changed.slice(0, 3).map((path) => JSON.stringify(path));
  const more = changed.length > 3 ? ` and ${changed.length - 3} more` : "";
  return new TailgateError(
    "revision",
    `tracked files of ${label} were changed since it was built: ${named.join(", ")}${more}`,
    "No arm may write into a checkout. If the service itself writes these files, let it write elsewhere or do not track them.",
  );
}

/** Paths of tracked files, those of submodules that are filled in among them. */
async function trackedFiles(folder: string, git: Git): Promise<string[]> {
  const doing = "listing tracked files";
  const listed = await gitOrThrow(
    git,
    ["ls-files", "--stage", "-z"],
    doing,
    "Check the repository with `git status`.",
  );
  const paths = new Set<string>();
  for (const entry of listed.split("\0")) {
    // <mode> <object> <stage>\t<path>; a path in conflict is listed once for each stage.
    const path = entry.slice(entry.indexOf("\t") + 1);
    if (path === "") continue;
    const inner = join(folder, path);
    if (!entry.startsWith("160000 ")) paths.add(path);
    else if ((await statOrNull(join(inner, ".git"))) !== null) {
      for (const file of await trackedFiles(inner, gitIn(inner))) paths.add(join(path, file));
    }
  }
  return [...paths];
}

async function statOrNull(path: string): Promise<BigIntStats | null> {
  return lstat(path, { bigint: true }).catch(() => null);
}

function stampOf(stats: BigIntStats | null): string {
  return stats === null
    ? "absent"
    : [stats.ino, stats.mode, stats.size, stats.mtimeNs, stats.ctimeNs].join(":");
}

async function contentOf(path: string, stats: BigIntStats | null): Promise<string> {
  if (stats === null) return "absent";
  if (stats.isSymbolicLink()) return `link:${await readlink(path).catch(() => "")}`;
  if (!stats.isFile()) return stats.isDirectory() ? "folder" : "special";
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path), hash);
  } catch {
    return "unreadable";
  }
  const executable = (stats.mode & 0o111n) !== 0n;
  return `file:${executable ? "x" : "-"}:${hash.digest("hex")}`;
}

async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) await work(items[next++]!);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
}
