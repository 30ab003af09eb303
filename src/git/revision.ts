import type { TrackedFilesSnapshot } from "./tracked-files.js";

/** A commit that is an arm's code. */
export interface Revision {
  readonly sha: string;
  /** What the user called it: a branch, a tag, "merge base of main". */
  readonly label: string;
  /** True for `--head .`: the user's own files, uncommitted changes included. */
  readonly dirty: boolean;
}

/** A disposable worktree of one revision, in our own temporary folder. */
export interface Checkout {
  readonly revision: Revision;
  /** Absolute path of the worktree's root. */
  readonly path: string;
  /** Remembers the tracked files as they are now. Called once, when build and setup have done what they do. */
  snapshotTrackedFiles(): Promise<TrackedFilesSnapshot>;
  dispose(): Promise<void>;
}
