import { TailgateError } from "../../error.js";
import type { Result } from "../../model/result.js";
import { REPORTERS } from "../../reporters/reporters.js";
import { connectFor, type GithubContext } from "../event/github-context.js";
import type { MeasuredRun } from "../event/event.js";
import type { Annotation } from "./annotations.js";
import { artifactName, uploadArtifact, type ArtifactFiles } from "./artifact.js";
import { checkNameOf, createCheck, type CheckRun } from "./check.js";
import { upsertComment } from "./comment.js";
import type { CurrentPullRequest } from "./conversation.js";
import { annotate } from "./log-commands.js";
import { markerOf } from "./marker.js";
import { summaryTexts, writeSummary } from "./summary.js";

/** What is to be told of a run, and where. */
export interface Publication {
  readonly result: Result;
  readonly run: MeasuredRun;
  /** All but `comment-url`, which comes when there is a comment. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly annotations: readonly Annotation[];
  /** Opens the pull request to comment on, or gives `null` without a token. `null`: there is none to comment on. */
  readonly pullRequest: (() => Promise<CurrentPullRequest | null>) | null;
  /** Whether this job exists for its comment: then a comment that fails is thrown, once all else is told. */
  readonly commentRequired: boolean;
  /** Conclusion of the check run; `null`: there shall be none. */
  readonly conclusion: CheckRun["conclusion"] | null;
  /** The base branch, for the check's name, where one commit is the head of several pull requests; else `null`. */
  readonly into: string | null;
  /** `null`: nothing to store. */
  readonly artifact: ArtifactFiles | null;
}

export interface Published {
  readonly commentUrl: string | null;
  /** What could not be done, in words with a hint; also written to the log. Never a reason to change the exit code. */
  readonly notes: readonly string[];
}

/**
 * Tells of a run: outputs, summary, annotations, comment, check run, artifact, in this order, so that what is surest
 * comes first. A failure of one of them is a note and stops none of the others.
 *
 * @throws GithubFault for the comment, where it is required
 */
export async function publish(publication: Publication, context: GithubContext): Promise<Published> {
  const { result, run, conclusion, pullRequest, artifact } = publication;
  const { core, runner } = context;
  const { key } = result.plan.report;
  const notes: string[] = [];
  let commentUrl: string | null = null;
  const thrownLater: Error[] = [];

  await attempt(notes, "The outputs were not written", () => {
    for (const [name, value] of Object.entries(publication.outputs)) core.setOutput(name, value);
    core.setOutput("comment-url", "");
  });
  await attempt(notes, "The job summary was not written", async () => {
    const problem = await writeSummary(runner.summaryPath, summaryTexts(result));
    if (problem !== null) notes.push(problem);
  });
  await attempt(notes, "The annotations were not written", () => {
    for (const one of publication.annotations) annotate(core, one);
  });
  await attempt(notes, "There is no comment", async () => {
    try {
      if (pullRequest !== null) commentUrl = await comment(result, run, pullRequest, context);
    } catch (error) {
      if (!publication.commentRequired || !(error instanceof Error)) throw error;
      thrownLater.push(error);
    }
    if (commentUrl !== null) core.setOutput("comment-url", commentUrl);
  });
  await attempt(notes, "There is no check run", async () => {
    const client = conclusion === null ? null : await connectFor(context);
    if (client === null || conclusion === null) return;
    const created = await createCheck(client, runner, {
      name: checkNameOf(key, publication.into),
      headSha: run.headSha,
      conclusion,
      title: result.reason.slice(0, 200),
      summary: REPORTERS.markdown.render(result, {}),
      detailsUrl: run.url,
    });
    if (!created) core.debug("No check run: the token may not (`checks: write`).");
  });
  await attempt(notes, "There is no artifact", async () => {
    if (artifact !== null) await uploadArtifact(artifactName(key), artifact);
  });
  for (const note of notes) annotate(core, { level: "warning", title: "Tailgate", message: note });
  for (const error of thrownLater) throw error;
  return { commentUrl, notes };
}

/** Brings the comment up to date; its address, or `null` where there shall be none. */
async function comment(
  result: Result,
  run: MeasuredRun,
  pullRequest: () => Promise<CurrentPullRequest | null>,
  { core }: GithubContext,
): Promise<string | null> {
  const { comment: when, key } = result.plan.report;
  if (when === "never") return null;
  const current = await pullRequest();
  if (current === null) {
    throw new TailgateError(
      "github",
      "There is no comment: `github-token` is empty.",
      "The job summary has the report.",
    );
  }
  const outcome = await upsertComment(current.conversation, {
    marker: markerOf(run, key, result.verdict),
    render: (maxCharacters) => REPORTERS.markdown.render(result, { maxCharacters }),
    when,
    mayCreate: current.open,
  });
  if (outcome.kind === "kept" && outcome.otherJob) core.warning(`Comment: ${outcome.why}.`);
  else if (outcome.kind !== "posted") core.info(`Comment: ${outcome.why}.`);
  return outcome.kind === "none" ? null : outcome.url;
}

/** Runs one step; what it throws becomes a note. */
async function attempt(notes: string[], what: string, step: () => Promise<void> | void): Promise<void> {
  try {
    await step();
  } catch (error) {
    notes.push(
      error instanceof TailgateError ? `${error.message} ${error.hint}` : `${what}: ${String(error)}`,
    );
  }
}
