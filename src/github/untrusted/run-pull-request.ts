import { boundedPages, type GithubClient } from "../api/client.js";
import type { FinishedRun } from "../event/event.js";
import { OPERATIONS } from "../api/operation.js";
import type { Repository } from "../event/runner-environment.js";

export interface MeasuredPullRequest {
  readonly number: number;
  readonly baseRef: string;
}

/** Whose pull requests a finished run measured, found from what GitHub says of the run and never from its artifact. */
export type MeasuredPullRequests =
  /** One; or more where one branch is to be merged into several. */
  | { readonly kind: "found"; readonly pulls: readonly MeasuredPullRequest[] }
  | { readonly kind: "none"; readonly why: string };

/**
 * The open pull requests whose head is this run's: same repository, same branch, same commit. `workflow_run` names
 * no pull request for forks, so the list is searched. If head has moved on, a newer run will tell of it.
 *
 * @throws GithubFault
 */
export async function findPullRequests(
  client: GithubClient,
  place: Repository,
  run: FinishedRun,
): Promise<MeasuredPullRequests> {
  if (run.event !== "pull_request")
    return none(`the run was started by \`${run.event}\`, not by a pull request`);
  if (run.headRepository === null) return none("the repository that it came from is gone");
  if (run.headBranch === "") return none("the run names no branch");
  const head = `${run.headRepository.split("/", 1)[0]!}:${run.headBranch}`;
  const open = await client.call(OPERATIONS.listPullRequests, (api) =>
    api.paginate(
      api.rest.pulls.list,
      { owner: place.owner, repo: place.repository, state: "open", head, per_page: 100 },
      boundedPages(),
    ),
  );
  // The filter takes an owner, who may have several forks; a deleted fork has no repository.
  const ofBranch = open.filter((pull) => {
    const repository = pull.head.repo as { full_name: string } | null;
    return repository?.full_name === run.headRepository && pull.head.ref === run.headBranch;
  });
  const ofCommit = ofBranch.filter((pull) => pull.head.sha === run.headSha);
  if (ofCommit.length > 0) {
    const pulls = ofCommit.map(({ number, base }) => ({ number, baseRef: base.ref }));
    return { kind: "found", pulls: pulls.sort((a, b) => a.number - b.number) };
  }
  if (ofBranch.length > 0) return none("its pull request has newer commits; their run tells of them");
  return none("no open pull request has this branch as its head");
}

function none(why: string): MeasuredPullRequests {
  return { kind: "none", why };
}
