/** A commit that is an arm's code. */
export interface Revision {
  readonly sha: string;
  /** What the user called it: a branch, a tag, "merge base of main". */
  readonly label: string;
  /** True for `--head .`: the user's own files, uncommitted changes included. */
  readonly dirty: boolean;
}

/** A disposable checkout of one revision, in our own temporary folder, with a .git of its own. */
export interface Checkout {
  readonly revision: Revision;
  /** Absolute path of the checkout's root. */
  readonly path: string;
  /** Paths that git tracks, relative to the root; those of submodules that are filled in among them. */
  trackedFiles(): Promise<readonly string[]>;
  dispose(): Promise<void>;
}
