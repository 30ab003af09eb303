/** A kind of request, with what the user must grant for it. */
export interface Operation {
  /** In words, after "GitHub did not let us". */
  readonly doing: string;
  /** As in a workflow's `permissions:`. */
  readonly permission: string;
  /** Whether sending it twice does no more than once. */
  readonly repeatable: boolean;
  /** Whether the response may be megabytes. */
  readonly slow?: boolean;
}

/** Every request that Tailgate makes, and the least permission that each needs. */
export const OPERATIONS = {
  whoAmI: { doing: "see whose token this is", permission: "metadata: read", repeatable: true },
  getPullRequest: { doing: "read the pull request", permission: "pull-requests: read", repeatable: true },
  getPermission: {
    doing: "see whether the comment's author may write to this repository",
    permission: "metadata: read",
    repeatable: true,
  },
  listPullRequests: { doing: "find the pull request", permission: "pull-requests: read", repeatable: true },
  listComments: {
    doing: "read the pull request's comments",
    permission: "pull-requests: write",
    repeatable: true,
  },
  createComment: { doing: "create the comment", permission: "pull-requests: write", repeatable: false },
  updateComment: { doing: "update the comment", permission: "pull-requests: write", repeatable: true },
  react: { doing: "react to the comment", permission: "pull-requests: write", repeatable: true },
  deleteComment: {
    doing: "delete a duplicate comment",
    permission: "pull-requests: write",
    repeatable: true,
  },
  listIssues: { doing: "find the issue", permission: "issues: read", repeatable: true },
  createIssue: { doing: "open the issue", permission: "issues: write", repeatable: false },
  updateIssue: { doing: "update the issue", permission: "issues: write", repeatable: true },
  createCheck: { doing: "create the check run", permission: "checks: write", repeatable: false },
  getRun: { doing: "read the measuring run", permission: "actions: read", repeatable: true },
  listArtifacts: { doing: "list the run's artifacts", permission: "actions: read", repeatable: true },
  downloadArtifact: {
    doing: "download the run's artifact",
    permission: "actions: read",
    repeatable: true,
    slow: true,
  },
  readFile: { doing: "read the base branch's configuration", permission: "contents: read", repeatable: true },
} as const satisfies Record<string, Operation>;
