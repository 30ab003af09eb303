import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";

import { TailgateError, writeError } from "../error.js";
import { gitIn, gitOrThrow, type Git } from "./git.js";
import { bringLargeFiles } from "./large-files.js";
import { openRepository } from "./repository.js";
import type { Checkout, Revision } from "./revision.js";
import { snapshotTrackedFiles, type TrackedFilesSnapshot } from "./tracked-files.js";
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
    let seal: TrackedFilesSnapshot = await snapshotTrackedFiles(folder, inside);
    return {
      revision,
      path: folder,
      async snapshotTrackedFiles() {
        seal = await snapshotTrackedFiles(folder, inside);
      },
      async verifyUntouched() {
        const changed = await seal.changed();
        if (changed.length > 0) throw touched(revision, changed);
      },
      dispose,
    };
  } catch (error) {
    await dispose();
    throw writeError(error, folder);
  }
}

function touched(revision: Revision, changed: readonly string[]): TailgateError {
  const named = changed.slice(0, 3).map((path) => JSON.stringify(path));
  const more = changed.length > 3 ? ` and ${changed.length - 3} more` : "";
  return new TailgateError(
    "revision",
    `tracked files of ${revision.label} were changed since it was built: ${named.join(", ")}${more}`,
    "No arm may write into a checkout. If the service itself writes these files, let it write elsewhere or do not track them.",
  );
}

/** Takes a worktree out of the repository's list and off the disk, whatever state it is in. */
export async function removeWorktree(git: Git, folder: string): Promise<void> {
  await git(["worktree", "remove", "--force", "--force", folder]).catch(() => undefined);
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  await git(["worktree", "prune"]).catch(() => undefined);
}

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const next = turn.then(work, work);
  turn = next.catch(() => undefined);
  return next;
}
