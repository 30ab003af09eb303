import { stat } from "node:fs/promises";
import { join } from "node:path";

import { TailgateError } from "../error.js";
import { gitIn, lastWords, type Git } from "./git.js";
import { bringLargeFiles } from "./large-files.js";

export interface SubmoduleOptions {
  /** The user's work tree. */
  readonly root: string;
  /** Our checkout of the same repository. */
  readonly folder: string;
  readonly git: Git;
  readonly inside: Git;
}

/**
 * Fills in the submodules that the user's own checkout has filled in, at the commits this revision names. Each is cloned
 * from the user's copy on this disk, because `git submodule` would write into the user's configuration.
 */
export async function bringSubmodules({ root, folder, git, inside }: SubmoduleOptions): Promise<void> {
  const tree = await inside(["ls-tree", "-r", "-z", "HEAD"]);
  for (const entry of tree.stdout.split("\0")) {
    const [, sha, path] = /^160000 commit ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? [];
    if (sha === undefined || path === undefined) continue;
    const source = await gitFolderOf(root, path, git);
    // Not filled in by the user either, as with actions/checkout's `submodules: false`.
    if (source === null) continue;
    const target = join(folder, path);
    await cloneAt(source, sha, target, path);
    const inner = { root: join(root, path), folder: target, inside: gitIn(target) };
    await bringLargeFiles(inner);
    await bringSubmodules({ ...inner, git: gitIn(inner.root) });
  }
}

/** Where the user's copy of a submodule keeps its objects; `null` if it is not filled in. */
async function gitFolderOf(root: string, path: string, git: Git): Promise<string | null> {
  const work = join(root, path);
  if ((await stat(join(work, ".git")).catch(() => null)) !== null) {
    const own = await gitIn(work)(["rev-parse", "--absolute-git-dir"]);
    if (own.code === 0) return own.stdout.trim();
  }
  // The path may not exist at the commit the user has checked out; git keeps what it once cloned by its name.
  const common = await git(["rev-parse", "--path-format=absolute", "--git-path", `modules/${path}`]);
  const kept = common.stdout.trim();
  return common.code === 0 && (await stat(join(kept, "HEAD")).catch(() => null)) !== null ? kept : null;
}

async function cloneAt(source: string, sha: string, target: string, path: string): Promise<void> {
  const failure = (why: string): TailgateError =>
    new TailgateError(
      "revision",
      `the submodule ${JSON.stringify(path)} could not be brought to ${sha.slice(0, 10)}: ${why}`,
      "Check out with `with: { submodules: recursive, fetch-depth: 0 }`, or make that commit reachable.",
    );
  const from = gitIn(source);
  const cloned = await from([
    "clone",
    "--quiet",
    "--shared",
    "--no-checkout",
    "--end-of-options",
    source,
    target,
  ]);
  if (cloned.code !== 0) throw failure(lastWords(cloned));
  if ((await from(["cat-file", "-e", `${sha}^{commit}`])).code !== 0) {
    // Into our clone, with the user's settings: the user's own copy is only read.
    const url = await from(["remote", "get-url", "origin"]);
    const fetched = await gitIn(target)([
      "-c",
      `include.path=${join(source, "config")}`,
      "fetch",
      "--quiet",
      "--no-tags",
      "--end-of-options",
      url.stdout.trim(),
      sha,
    ]);
    if (fetched.code !== 0) throw failure(lastWords(fetched));
  }
  const placed = await gitIn(target)(["checkout", "--quiet", "--detach", sha]);
  if (placed.code !== 0) throw failure(lastWords(placed));
}
