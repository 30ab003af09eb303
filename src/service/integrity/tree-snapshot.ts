import { lstatSync, readdirSync, type BigIntStats, type Dirent } from "node:fs";
import { join } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";

/**
 * How everything below a folder stood: path -> stamp. A stamp holds what cannot be set back: a file that was written,
 * replaced or given another mode has another change time or inode, even if its content and times were put back.
 */
export type TreeSnapshot = ReadonlyMap<string, string>;

export interface TreeChange {
  /** Relative to the folder; "." is the folder itself. */
  readonly path: string;
  readonly kind: "added" | "removed" | "changed";
}

/** Files looked at before others get their turn. */
const AT_ONCE = 2000;

/**
 * Looks at every entry below a folder, tracked by git or not; `.git` itself is left out. Links are not followed.
 *
 * @param folder absolute
 */
export async function snapshotTree(folder: string): Promise<TreeSnapshot> {
  const stamps = new Map<string, string>();
  const folders = [""];
  let looked = 0;
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    const own = stampOf(join(folder, at));
    if (own === null) continue;
    stamps.set(at === "" ? "." : at, own);
    for (const entry of entriesOf(join(folder, at))) {
      if (at === "" && entry.name === ".git") continue;
      const path = at === "" ? entry.name : `${at}/${entry.name}`;
      if (entry.isDirectory()) {
        folders.push(path);
      } else {
        const stamp = stampOf(join(folder, path));
        if (stamp !== null) stamps.set(path, stamp);
      }
      if (++looked % AT_ONCE === 0) await breathe();
    }
  }
  return stamps;
}

/** What differs between two snapshots, in the order of paths. */
export function changesBetween(before: TreeSnapshot, after: TreeSnapshot): TreeChange[] {
  const changes: TreeChange[] = [];
  for (const [path, stamp] of before) {
    const now = after.get(path);
    if (now === undefined) changes.push({ path, kind: "removed" });
    else if (now !== stamp) changes.push({ path, kind: "changed" });
  }
  for (const path of after.keys()) if (!before.has(path)) changes.push({ path, kind: "added" });
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The stamp of one file that lies anywhere; `null` if it is not there. */
export function stampOf(path: string): string | null {
  let stats: BigIntStats;
  try {
    stats = lstatSync(path, { bigint: true });
  } catch {
    return null;
  }
  return `${stats.dev}:${stats.ino}:${stats.size}:${stats.mode}:${stats.ctimeNs}`;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Gone meanwhile, or closed to us: its own stamp tells when that changed.
    return [];
  }
}
