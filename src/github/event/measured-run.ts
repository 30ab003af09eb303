import type { GithubContext } from "./github-context.js";
import { runUrl } from "./runner-environment.js";

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
    case "other":
      return runner.sha;
  }
}
