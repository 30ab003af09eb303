/** What started the run, as far as it decides which two commits are compared. Shas are full, refs are short names. */
export type RevisionEvent =
  | {
      readonly kind: "pull_request";
      /** The branch the pull request goes into, such as `main`. */
      readonly baseRef: string;
      /** Tip of that branch as the event saw it. */
      readonly baseSha: string;
      readonly headSha: string;
    }
  | {
      readonly kind: "push";
      /** The commit the branch was at before; all zeros for a new branch. */
      readonly before: string;
      readonly headSha: string;
      readonly defaultBranch: string | null;
    }
  | { readonly kind: "merge_group"; readonly baseSha: string; readonly headSha: string }
  | { readonly kind: "schedule" }
  | { readonly kind: "workflow_dispatch" }
  /** A developer's machine, or an event that says nothing about commits. */
  | { readonly kind: "local" };
