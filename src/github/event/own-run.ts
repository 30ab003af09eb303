import type { MeasuredRun } from "./event.js";
import type { GithubContext } from "./github-context.js";
import { runUrl } from "./runner-environment.js";

/** The run that this job belongs to. */
export function ownRun(context: GithubContext): MeasuredRun {
  const { runner, startedAt } = context;
  return {
    id: runner.runId,
    attempt: runner.runAttempt,
    headSha: headSha(context),
    startedAt,
    url: runUrl(runner),
  };
}

function headSha({ event, runner }: GithubContext): string {
  switch (event.kind) {
    case "pull_request":
      return event.pullRequest.headSha;
    case "push":
      return event.after;
    case "merge_group":
      return event.headSha;
    case "schedule":
    case "workflow_dispatch":
    case "workflow_run":
    case "issue_comment":
    case "other":
      return runner.sha;
  }
}
