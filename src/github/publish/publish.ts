import { TailgateError } from "../../error.js";
import { renderMarkdown } from "../../reporters/markdown/report-markdown.js";
import type { Result } from "../../model/result.js";
import { annotationsOf } from "./annotations.js";
import { uploadArtifact, type ArtifactFiles } from "./artifact.js";
import { checkNameOf, conclusionOf, createCheck } from "./check.js";
import { upsertComment } from "./comment.js";
import { runUrl } from "../event/runner-environment.js";
import { connectFor, openConversation, type GithubContext } from "../event/github-context.js";
import { annotate } from "./log-commands.js";
import type { Marker } from "./marker.js";
import { outputsOf, type ResultFiles } from "./outputs.js";
import { summaryTexts, writeSummary } from "./summary.js";

/** A finished run, and how it is to be told. */
export interface Publication {
  readonly result: Result;
  readonly files: ResultFiles;
  /** `null`: nothing to store. */
  readonly artifact: ArtifactFiles | null;
  /** Whether the job fails over this verdict. */
  readonly fails: boolean;
  /** `false` in `mode: measure`: a later job speaks, this one asks nothing of the API. */
  readonly speaks: boolean;
}

export interface Published {
  readonly commentUrl: string | null;
  /** What could not be done, in words with a hint; also written to the log. Never a reason to change the exit code. */
  readonly notes: readonly string[];
}

/**
 * Tells of a finished run: outputs, summary, annotations, comment, check run, artifact, in this order, so that what is
 * surest comes first. A failure of one of them is a note and stops none of the others; this never throws.
 */
export async function publish(publication: Publication, context: GithubContext): Promise<Published> {
  const notes: string[] = [];
  const { result } = publication;
  const { core } = context;
  const { key } = result.plan.report;
  const render = (maxCharacters: number): string => renderMarkdown(result, { maxCharacters });
  let commentUrl: string | null = null;

  await attempt(notes, "The outputs were not written", () => {
    for (const [name, value] of Object.entries(outputsOf(result, publication.files)))
      core.setOutput(name, value);
    core.setOutput("comment-url", "");
  });
  await attempt(notes, "The job summary was not written", async () => {
    const problem = await writeSummary(context.runner.summaryPath, summaryTexts(result));
    if (problem !== null) notes.push(problem);
  });
  await attempt(notes, "The annotations were not written", () => {
    for (const one of annotationsOf(result, publication.fails)) annotate(core, one);
  });
  if (publication.speaks) {
    await attempt(notes, "There is no comment", async () => {
      commentUrl = await comment(result, render, context, notes);
      if (commentUrl !== null) core.setOutput("comment-url", commentUrl);
    });
    await attempt(notes, "There is no check run", () => check(publication, render, context));
  }
  await attempt(notes, "There is no artifact", async () => {
    if (publication.artifact !== null) await uploadArtifact(key, publication.artifact);
  });
  for (const note of notes) annotate(core, { level: "warning", title: "Tailgate", message: note });
  return { commentUrl, notes };
}

/** Which run this is, for its comment. */
export function markerOf(context: GithubContext, key: string, state: Marker["state"]): Marker {
  return {
    key,
    runId: context.runner.runId,
    runAttempt: context.runner.runAttempt,
    headSha: headSha(context),
    startedAt: context.startedAt,
    state,
  };
}

type Render = (maxCharacters: number) => string;

async function comment(
  result: Result,
  render: Render,
  context: GithubContext,
  notes: string[],
): Promise<string | null> {
  const { comment: when, key } = result.plan.report;
  if (when === "never" || context.event.kind !== "pull_request") return null;
  const client = await connectFor(context);
  if (client === null) {
    notes.push("There is no comment: `github-token` is empty. The job summary has the report.");
    return null;
  }
  const { talk, open } = await openConversation(
    client,
    context.runner,
    context.event.pullRequest.number,
    context.edges?.sleep,
  );
  const outcome = await upsertComment(talk, {
    marker: markerOf(context, key, result.verdict),
    render,
    when,
    mayCreate: open,
  });
  if (outcome.kind !== "posted") context.core.info(`Comment: ${outcome.why}.`);
  return outcome.kind === "none" ? null : outcome.url;
}

async function check({ result, fails }: Publication, render: Render, context: GithubContext): Promise<void> {
  const client = await connectFor(context);
  if (client === null) return;
  const { verdict, reason } = result;
  const created = await createCheck(client, context.runner, {
    name: checkNameOf(result.plan.report.key),
    headSha: headSha(context),
    conclusion: verdict === "regression" && !fails ? "neutral" : conclusionOf(verdict, true),
    title: reason.slice(0, 200),
    summary: render(60_000),
    detailsUrl: runUrl(context.runner),
  });
  if (!created) context.core.debug("No check run: the token may not (`checks: write`).");
}

function headSha(context: GithubContext): string {
  switch (context.event.kind) {
    case "pull_request":
      return context.event.pullRequest.headSha;
    case "push":
      return context.event.after;
    case "merge_group":
      return context.event.headSha;
    case "schedule":
    case "workflow_dispatch":
    case "workflow_run":
    case "other":
      return context.runner.sha;
  }
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
