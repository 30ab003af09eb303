import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";

import { writeError } from "../error.js";
import { gitIn, gitOrThrow, type Git } from "./git.js";
import { bringLargeFiles } from "./large-files.js";
import { openRepository } from "./repository.js";
import type { Checkout, Revision } from "./revision.js";
import { snapshotTrackedFiles } from "./tracked-files.js";
import { bringSubmodules } from "./submodules.js";
import { copyWorkTree } from "./work-tree.js";

export interface CheckoutOptions {
  /** Absolute path at which the worktree is to stand, in our own temporary folder; it must not exist yet. */
  readonly folder: string;
}

/** Git changes the list of worktrees without a lock of its own: one at a time. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Puts a revision into a folder of ours, with submodules and large files where the user's checkout has them. The user's
 * own work tree and index are read at most.
 *
 * @throws TailgateError `revision`; nothing is left behind then.
 */
export async function checkout(
  repository: string,
  revision: Revision,
  options: CheckoutOptions,
): Promise<Checkout> {
  const { root, git } = await openRepository(repository);
  const { folder } = options;
  const dispose = (): Promise<void> => inTurn(() => removeWorktree(git, folder));
  try {
    await mkdir(dirname(folder), { recursive: true });
    await inTurn(() =>
      gitOrThrow(
        git,
        ["worktree", "add", "--quiet", "--detach", "--force", "--end-of-options", folder, revision.sha],
        `checking out ${revision.label} (${revision.sha.slice(0, 10)})`,
        "Check that the disk has room and that the commit is whole: `git fsck`.",
      ),
    );
    const inside = gitIn(folder);
    await bringSubmodules({ root, folder, git, inside });
    await bringLargeFiles({ root, inside, folder });
    if (revision.dirty) await copyWorkTree(root, folder);
    return {
      revision,
      path: folder,
      snapshotTrackedFiles: () => snapshotTrackedFiles(folder, inside, revision.label),
      dispose,
    };
  } catch (error) {
    await dispose();
    throw writeError(error, folder);
  }
}

/**
 * Removes a checkout that a run which died has left. Its repository may be gone; then the folder alone is deleted.
 *
 * @param repository - root of the repository in which the worktree is registered
 */
export async function removeLeftCheckout(repository: string, folder: string): Promise<void> {
  await removeWorktree(gitIn(repository), folder);
}

/** Takes a worktree out of the repository's list and off the disk, whatever state it is in. */
async function removeWorktree(git: Git, folder: string): Promise<void> {
  await git(["worktree", "remove", "--force", "--force", folder]).catch(() => undefined);
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  await git(["worktree", "prune"]).catch(() => undefined);
}

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const next = turn.then(work, work);
  turn = next.catch(() => undefined);
  return next;
}
