import type { Result } from "../../model/result.js";
import type { GithubContext } from "../event/github-context.js";
import { ownRun } from "../event/own-run.js";
import { annotationsOf } from "./annotations.js";
import type { ArtifactFiles } from "./artifact.js";
import { conclusionOf } from "./check.js";
import { conversationOf } from "./conversation.js";
import { outputsOf, type ResultFiles } from "./outputs.js";
import type { Publication } from "./publish.js";

/** What this job has measured. */
export interface OwnResult {
  readonly result: Result;
  readonly files: ResultFiles;
  /** `null`: nothing to store. */
  readonly artifact: ArtifactFiles | null;
  /** Whether the job fails over this verdict. */
  readonly fails: boolean;
  /** `false` in `mode: measure`: a later job speaks, this one asks nothing of the API. */
  readonly speaks: boolean;
}

/** How a job tells of what it has measured itself. */
export function ownPublication(own: OwnResult, context: GithubContext): Publication {
  const { result, files, artifact, fails, speaks } = own;
  const { event } = context;
  const excused = result.verdict === "regression" && !fails;
  return {
    result,
    run: ownRun(context),
    outputs: outputsOf(result, files),
    annotations: annotationsOf(result, fails),
    pullRequest:
      speaks && event.kind === "pull_request"
        ? () => conversationOf(context, event.pullRequest.number)
        : null,
    commentRequired: false,
    conclusion: speaks ? (excused ? "neutral" : conclusionOf(result.verdict, true)) : null,
    into: null,
    artifact,
  };
}
