import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { writeError } from "../error.js";
import { gitIn, gitOrThrow, type Git } from "./git.js";
import { bringLargeFiles } from "./large-files.js";
import type { Repository } from "./repository.js";
import type { Checkout, Revision } from "./revision.js";
import type { SharedClone } from "./clone-of-objects.js";
import { settingsText } from "./settings.js";
import { trackedFiles } from "./tracked-files.js";
import { bringSubmodules } from "./submodules.js";
import { copyWorkTree } from "./work-tree.js";

export interface CheckoutOptions {
  /** Absolute path at which the checkout is to stand, in our own temporary folder; it must not exist yet. */
  readonly folder: string;
}

/**
 * How files come out of git, where a remote is (without what opens it), and what a filter needs. Credentials, hooks and
 * whatever else could reach the user's repository stay behind: builds run in here.
 */
const HARMLESS =
  /^core\.(autocrlf|eol|safecrlf|symlinks|filemode|ignorecase|longpaths|precomposeunicode|quotepath|bigfilethreshold|sparsecheckout|sparsecheckoutcone)$|^filter\.|^diff\.|^extensions\.partialclone$|^remote\.[^\n]*\.(promisor|partialclonefilter|fetch)$/i;

/** Files of the user's .git that say which files there are and how they are read. */
const INFO_FILES = ["exclude", "attributes", "sparse-checkout"];

/**
 * Puts a revision into a folder of ours that has a .git of its own: objects are shared, nothing else is. A build may set
 * configuration and install hooks there; the user's repository does not feel it. Submodules and large files are there
 * where the user's own checkout has them.
 *
 * @throws TailgateError `revision`; nothing is left behind then.
 */
export async function checkout(
  repository: Repository,
  clone: SharedClone,
  revision: Revision,
  { folder }: CheckoutOptions,
): Promise<Checkout> {
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    await mkdir(folder, { recursive: true });
    const inside = gitIn(folder);
    await makeRepository(repository, clone, folder);
    await gitOrThrow(
      inside,
      // The sha is one that git gave us. What a partial clone lacks is fetched with the user's credentials, which are lent to this command alone.
      [...clone.lend, "checkout", "--quiet", "--detach", "--force", revision.sha],
      `checking out ${revision.label} (${revision.sha.slice(0, 10)})`,
      "Check that the disk has room and that the commit is whole: `git fsck`.",
    );
    await bringSubmodules({ root: repository.root, folder, git: repository.git, inside });
    await bringLargeFiles({ root: repository.root, inside, folder, lend: clone.lend });
    if (revision.dirty) await copyWorkTree(repository.root, folder);
    return { revision, path: folder, trackedFiles: () => trackedFiles(folder, inside), dispose };
  } catch (error) {
    await dispose();
    throw writeError(error, folder);
  }
}

/** An empty repository with the clone's objects, references and shallow boundary, so that `git describe` works in builds. */
async function makeRepository(repository: Repository, clone: SharedClone, folder: string): Promise<void> {
  const hint = "Check that the disk has room, and the repository with `git fsck`.";
  const format = (
    await gitOrThrow(clone.git, ["rev-parse", "--show-object-format"], "reading the repository", hint)
  ).trim();
  await gitOrThrow(
    gitIn(folder),
    ["init", "--quiet", `--object-format=${format}`, "--template=", "."],
    "making a repository for a checkout",
    hint,
  );
  const own = join(folder, ".git");
  await mkdir(join(own, "objects", "info"), { recursive: true });
  await mkdir(join(own, "info"), { recursive: true });
  const userObjects = await readFile(join(clone.folder, "objects", "info", "alternates"), "utf8");
  await writeFile(
    join(own, "objects", "info", "alternates"),
    `${join(clone.folder, "objects")}\n${userObjects}`,
  );
  for (const name of ["packed-refs", "shallow"]) await copyIfThere(join(clone.folder, name), join(own, name));
  for (const name of INFO_FILES) {
    const path = await repository.git(["rev-parse", "--path-format=absolute", "--git-path", `info/${name}`]);
    if (path.code === 0) await copyIfThere(path.stdout.trim(), join(own, "info", name));
  }
  const config = join(own, "config");
  await writeFile(config, (await readFile(config, "utf8")) + (await harmlessSettings(repository.git)));
}

async function harmlessSettings(user: Git): Promise<string> {
  const url = await user(["remote", "get-url", "origin"]);
  const bare = url.stdout.trim().replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, "$1");
  return settingsText(user, (key, value) => {
    if (key === "remote.origin.url") return bare;
    return HARMLESS.test(key) ? value : null;
  });
}

async function copyIfThere(from: string, to: string): Promise<void> {
  await copyFile(from, to).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  });
}
