import { TailgateError } from "../../error.js";
import type { GithubClient } from "../api/client.js";
import { OPERATIONS } from "../api/operation.js";
import type { GithubEvent, PullRequestEvent } from "./event.js";
import type { Repository } from "./runner-environment.js";

/** Events that say nothing about commits, and that nobody but people with write access can cause. */
const TRUSTED = new Set([
  "",
  "create",
  "deployment",
  "deployment_status",
  "page_build",
  "registry_package",
  "release",
  "repository_dispatch",
]);

/**
 * What a job that measures is to compare. Most events say it themselves. A comment on a pull request asks for that pull
 * request, after its author's permission was checked. An event that hands a token with write access to a job while anybody may
 * cause it is refused: Tailgate starts the code that it measures.
 *
 * @param mode `run` and `merge` comment themselves and so have such a token; `measure` asks nothing but who asked
 * @param client `null` without a token
 * @throws TailgateError "github" with what to do instead, GithubFault
 */
export async function askedRun(
  event: GithubEvent,
  mode: "run" | "measure" | "merge",
  place: Repository,
  client: GithubClient | null,
): Promise<GithubEvent> {
  switch (event.kind) {
    case "pull_request":
    case "push":
    case "merge_group":
    case "schedule":
    case "workflow_dispatch":
      return event;
    case "issue_comment":
      return pullRequestAskedFor(event, mode, place, client);
    case "workflow_run":
      throw new TailgateError(
        "github",
        "`workflow_run` gives a job the repository's secrets and a token that may write, whoever's code the finished run " +
          "measured; Tailgate starts the code that it measures, so it refuses to measure there.",
        "Use `mode: report` in this workflow, and `mode: measure` in the one that it follows (docs/forks-and-permissions.md " +
          "has both, ready to copy).",
      );
    case "other":
      if (TRUSTED.has(event.name)) return event;
      throw new TailgateError(
        "github",
        `The event \`${event.name}\` does not say which commits to compare, and may hand a token that may write to whoever causes it.`,
        "Run Tailgate on `pull_request`, `push`, `merge_group`, `schedule` or `workflow_dispatch`.",
      );
  }
}

async function pullRequestAskedFor(
  { number, onPullRequest, author }: Extract<GithubEvent, { kind: "issue_comment" }>,
  mode: "run" | "measure" | "merge",
  place: Repository,
  client: GithubClient | null,
): Promise<GithubEvent> {
  if (!onPullRequest) {
    throw new TailgateError(
      "github",
      "The comment is on an issue, not on a pull request: there is nothing to measure.",
      "Start the job only for pull requests: `if: ${{ github.event.issue.pull_request }}`.",
    );
  }
  if (client === null) {
    throw new TailgateError(
      "github",
      "Whether the comment's author may ask for a run cannot be seen: `github-token` is empty.",
      "Leave `github-token` at its default; `permissions: { contents: read, pull-requests: read }` are enough for that.",
    );
  }
  const { owner, repository: repo } = place;
  const { data: granted } = await client.call(OPERATIONS.getPermission, (api, request) =>
    api.rest.repos.getCollaboratorPermissionLevel({ owner, repo, username: author, request }),
  );
  if (granted.permission !== "admin" && granted.permission !== "write") {
    throw new TailgateError(
      "github",
      `The comment's author may not write to this repository (permission \`${granted.permission}\`): nothing was started.`,
      "Somebody with write access may ask for the run.",
    );
  }
  const { data: pull } = await client.call(OPERATIONS.getPullRequest, (api, request) =>
    api.rest.pulls.get({ owner, repo, pull_number: number, request }),
  );
  const head = pull.head.repo as { readonly full_name: string } | null;
  const pullRequest: PullRequestEvent = {
    number,
    headSha: pull.head.sha,
    headRef: pull.head.ref,
    headRepository: head?.full_name ?? null,
    baseRef: pull.base.ref,
    baseSha: pull.base.sha,
    defaultBranch: pull.base.repo.default_branch,
    fromFork: head?.full_name !== pull.base.repo.full_name,
  };
  if (mode !== "measure" && pullRequest.fromFork) {
    throw new TailgateError(
      "github",
      "The pull request comes from a fork, and a comment's job has a token that may write; Tailgate starts the code that it " +
        "measures, so it refuses to measure that here.",
      "Measure forks on `pull_request`, or with `mode: measure` in a job with `permissions: { contents: read, pull-requests: read }`.",
    );
  }
  return { kind: "pull_request", pullRequest };
}
