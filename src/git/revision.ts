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
  /** Takes the tracked files as they stand for what they should be: called once, after the build. */
  snapshotTrackedFiles(): Promise<void>;
  /** Throws a `revision` TailgateError if tracked files were changed since the build. */
  verifyUntouched(): Promise<void>;
  dispose(): Promise<void>;
}
