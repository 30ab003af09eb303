import { execFile } from "node:child_process";
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
/** By its own path: a folder that a build can write to may stand before it in PATH. */
const FIND = "/usr/bin/find";
/** Far more than any tree has: 100 bytes an entry. */
const MAXIMUM_LISTING_BYTES = 2 ** 31;

/**
 * Looks at every entry below a folder, tracked by git or not; `.git` itself is left out. Links are not followed.
 *
 * @param folder absolute
 */
export async function snapshotTree(folder: string): Promise<TreeSnapshot> {
  return (await listTree(folder)) ?? walkTree(folder);
}

/**
 * The same by GNU find, for less than half of the processor time: a large checkout is looked at while others wait.
 *
 * @returns `null` where there is no such find
 */
export async function listTree(folder: string): Promise<TreeSnapshot | null> {
  const args = [".", "-path", "./.git", "-prune", "-o", "-printf", "%D:%i:%s:%y%m:%n:%C@ %P\\0"];
  // It ends with 1 where a folder is closed to us or went meanwhile, and lists the rest.
  const listing = await new Promise<string>((resolve) => {
    const options = {
      cwd: folder,
      maxBuffer: MAXIMUM_LISTING_BYTES,
      env: { LC_ALL: "C" },
    };
    execFile(FIND, args, options, (error, stdout) => {
      resolve(error === null || error.code === 1 ? stdout : "");
    });
  });
  if (!listing.endsWith("\0")) return null;
  const stamps = new Map<string, string>();
  for (const entry of listing.slice(0, -1).split("\0")) {
    const space = entry.indexOf(" ");
    stamps.set(entry.slice(space + 1) || ".", entry.slice(0, space));
  }
  return stamps;
}

/** The same without any tool. */
export async function walkTree(folder: string): Promise<TreeSnapshot> {
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

/** The stamp of one file that lies anywhere, as find prints it; `null` if it is not there. */
export function stampOf(path: string): string | null {
  let stats: BigIntStats;
  try {
    stats = lstatSync(path, { bigint: true });
  } catch {
    return null;
  }
  const { dev, ino, size, mode, nlink, ctimeNs } = stats;
  const nanoseconds = String(ctimeNs % 1_000_000_000n).padStart(9, "0");
  return `${dev}:${ino}:${size}:${kindOf(stats)}${(mode & 0o7777n).toString(8)}:${nlink}:${ctimeNs / 1_000_000_000n}.${nanoseconds}0`;
}

/** Files with other names elsewhere: package managers link what they install to their cache. */
export function linkedFiles(snapshot: TreeSnapshot): string[] {
  return [...snapshot].flatMap(([path, stamp]) => (/:f\d+:(?!1:)\d+:/.test(stamp) ? [path] : []));
}

/** The letter that find has for it. */
function kindOf(stats: BigIntStats): string {
  if (stats.isFile()) return "f";
  if (stats.isDirectory()) return "d";
  if (stats.isSymbolicLink()) return "l";
  if (stats.isFIFO()) return "p";
  if (stats.isSocket()) return "s";
  return stats.isBlockDevice() ? "b" : "c";
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Gone meanwhile, or closed to us: its own stamp tells when that changed.
    return [];
  }
}
