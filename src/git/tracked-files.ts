import { createHash } from "node:crypto";
import { createReadStream, type BigIntStats } from "node:fs";
import { lstat, readlink } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

import { gitIn, gitOrThrow, type Git } from "./git.js";

/** What the tracked files were at one moment. Kept in our memory: what lies on the disk, head's code could change. */
export interface TrackedFilesSnapshot {
  /** Paths that are no longer as they were, in order. */
  changed(): Promise<string[]>;
}

interface Sealed {
  readonly stamp: string;
  readonly content: string;
}

const AT_ONCE = 32;

/**
 * Seals the files that git tracks in a checkout. A later look reads only the files whose stamp differs: an ordinary
 * user cannot set the time of last change (ctime) back.
 */
export async function snapshotTrackedFiles(folder: string, git: Git): Promise<TrackedFilesSnapshot> {
  const paths = await trackedFiles(folder, git);
  const sealed = new Map<string, Sealed>();
  await forEach(paths, async (path) => {
    const full = join(folder, path);
    const stats = await statOrNull(full);
    sealed.set(path, { stamp: stampOf(stats), content: await contentOf(full, stats) });
  });
  return {
    async changed() {
      const changed: string[] = [];
      await forEach(paths, async (path) => {
        const full = join(folder, path);
        const stats = await statOrNull(full);
        const before = sealed.get(path)!;
        if (stampOf(stats) === before.stamp) return;
        if ((await contentOf(full, stats)) !== before.content) changed.push(path);
      });
      return changed.sort();
    },
  };
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
