/** What started the run, as far as it decides which two commits are compared. Shas are full, refs are short names. */
export type RevisionEvent =
  | {
      readonly kind: "pull_request";
      /** The branch the pull request goes into, such as `main`. */
      readonly baseRef: string;
      /** Tip of that branch as the event saw it, which may be long ago. */
      readonly baseSha: string;
      readonly headSha: string;
      readonly defaultBranch: string | null;
      /** Whether it comes from another repository; left out: it does not. */
      readonly fromFork?: boolean;
    }
  | {
      readonly kind: "push";
      /** The commit the branch was at before; all zeros for a new branch or tag. */
      readonly before: string;
      /** A commit, or the annotated tag that was pushed. */
      readonly headSha: string;
      /** Full name, such as `refs/heads/main` or `refs/tags/v1`. */
      readonly ref: string;
      readonly defaultBranch: string | null;
    }
  | { readonly kind: "merge_group"; readonly baseSha: string; readonly headSha: string }
  | { readonly kind: "schedule"; readonly defaultBranch: string | null }
  | { readonly kind: "workflow_dispatch"; readonly defaultBranch: string | null }
  /** A developer's machine, or an event that says nothing about commits. */
  | { readonly kind: "local" };
