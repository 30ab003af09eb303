import { lstat } from "node:fs/promises";
import { join } from "node:path";

import { gitIn, gitOrThrow, type Git } from "./git.js";

/**
 * Paths of the files that git tracks in a checkout, those of submodules that are filled in among them.
 *
 * @param folder absolute path of the checkout that `git` is told to look at
 */
export async function trackedFiles(folder: string, git: Git): Promise<string[]> {
  const listed = await gitOrThrow(
    git,
    ["ls-files", "--stage", "-z"],
    "listing tracked files",
    "Check the repository with `git status`.",
  );
  const paths = new Set<string>();
  for (const entry of listed.split("\0")) {
    // <mode> <object> <stage>\t<path>; a path in conflict is listed once for each stage.
    const path = entry.slice(entry.indexOf("\t") + 1);
    if (path === "") continue;
    const inner = join(folder, path);
    if (!entry.startsWith("160000 ")) paths.add(path);
    else if (await exists(join(inner, ".git"))) {
      for (const file of await trackedFiles(inner, gitIn(inner))) paths.add(join(path, file));
    }
  }
  return [...paths];
}

function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
