import type { RevisionEvent } from "../../git/revision-event.js";

/** The pull request that an event is about. */
export interface PullRequestEvent {
  readonly number: number;
  readonly headSha: string;
  readonly headRef: string;
  /** `owner/name`; `null` when the fork was deleted. */
  readonly headRepository: string | null;
  readonly baseRef: string;
  readonly baseSha: string;
  readonly defaultBranch: string | null;
  /** Whether head lives in another repository than base, so that the token is read-only. */
  readonly fromFork: boolean;
}

/** A run of a workflow that measured: this job's own, or the one that a reporting job tells of. */
export interface MeasuredRun {
  readonly id: number;
  readonly attempt: number;
  readonly headSha: string;
  /** ISO 8601, UTC: when this attempt started. */
  readonly startedAt: string;
  /** Its page. */
  readonly url: string;
}

/** A finished run of another workflow, as `workflow_run` tells it. Its fields come from GitHub, not from the run. */
export interface FinishedRun extends MeasuredRun {
  /** The event that started it. */
  readonly event: string;
  readonly conclusion: string;
  readonly headBranch: string;
  /** `owner/name`; `null` when the fork was deleted. */
  readonly headRepository: string | null;
}

/** Why this job runs. */
export type GithubEvent =
  | { readonly kind: "pull_request"; readonly pullRequest: PullRequestEvent }
  | {
      readonly kind: "push";
      readonly before: string;
      readonly after: string;
      readonly ref: string;
      readonly defaultBranch: string | null;
    }
  | {
      readonly kind: "merge_group";
      readonly baseSha: string;
      readonly headSha: string;
      readonly baseRef: string;
    }
  | { readonly kind: "schedule"; readonly defaultBranch: string | null }
  | { readonly kind: "workflow_dispatch"; readonly defaultBranch: string | null }
  | { readonly kind: "workflow_run"; readonly run: FinishedRun }
  | {
      readonly kind: "issue_comment";
      /** Of the issue or pull request. */
      readonly number: number;
      readonly onPullRequest: boolean;
      readonly commentId: number;
      /** Login of who wrote the comment. */
      readonly author: string;
      /** What was written, by anybody. */
      readonly body: string;
    }
  /** Any other; see `askedRun`. */
  | { readonly kind: "other"; readonly name: string };

/** What the event says about the two commits to compare. */
export function revisionEvent(event: GithubEvent): RevisionEvent {
  switch (event.kind) {
    case "pull_request": {
      const { baseRef, baseSha, headSha, defaultBranch, fromFork } = event.pullRequest;
      return { kind: "pull_request", baseRef, baseSha, headSha, defaultBranch, fromFork };
    }
    case "push":
      return {
        kind: "push",
        before: event.before,
        headSha: event.after,
        ref: event.ref,
        defaultBranch: event.defaultBranch,
      };
    case "merge_group":
      return { kind: "merge_group", baseSha: event.baseSha, headSha: event.headSha };
    case "schedule":
    case "workflow_dispatch":
      return { kind: event.kind, defaultBranch: event.defaultBranch };
    case "workflow_run":
    case "issue_comment":
    case "other":
      return { kind: "local" };
  }
}
