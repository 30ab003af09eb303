import { constants } from "node:fs";
import { copyFile, lstat, mkdir, readlink, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";

import { gitIn, gitOrThrow } from "./git.js";

const HINT = "Check the repository with `git status`.";

/**
 * Lays the user's work tree over a checkout of the same commit: tracked files as they stand, deleted ones gone, untracked
 * ones that are not ignored added. Submodules are laid over in the same way.
 */
export async function copyWorkTree(from: string, to: string): Promise<void> {
  const git = gitIn(from);
  const list = (flags: readonly string[]): Promise<string> =>
    gitOrThrow(git, ["ls-files", "-z", ...flags], "listing the work tree", HINT);
  const here = new Set(entries(await list(["--cached", "--others", "--exclude-standard"])));
  const there = entries(await gitOrThrow(gitIn(to), ["ls-files", "-z"], "listing the checkout", HINT));
  for (const path of there) {
    if (!here.has(path)) await rm(join(to, path), { force: true, recursive: true });
  }
  for (const path of here) await copyEntry(join(from, path), join(to, path));
}

function entries(listed: string): string[] {
  return listed.split("\0").filter((path) => path !== "");
}

async function copyEntry(from: string, to: string): Promise<void> {
  const stats = await lstat(from).catch(() => null);
  if (stats?.isDirectory() === true) {
    // Listed as one entry: a submodule, or another repository inside this one.
    if (await isRepository(from)) await copyInner(from, to);
    return;
  }
  await rm(to, { force: true, recursive: true });
  if (stats === null) return;
  await mkdir(dirname(to), { recursive: true });
  if (stats.isSymbolicLink()) await symlink(await readlink(from), to);
  else if (stats.isFile()) await copyFile(from, to, constants.COPYFILE_FICLONE);
  // Sockets and pipes are nobody's source code.
}

async function isRepository(folder: string): Promise<boolean> {
  return (await lstat(join(folder, ".git")).catch(() => null)) !== null;
}

async function copyInner(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  if (await isRepository(to)) return copyWorkTree(from, to);
  const listed = await gitOrThrow(
    gitIn(from),
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    "listing a repository inside the work tree",
    HINT,
  );
  for (const path of entries(listed)) await copyEntry(join(from, path), join(to, path));
}
