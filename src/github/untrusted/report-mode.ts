import type { Inputs } from "../../config/inputs.js";
import { TailgateError } from "../../error.js";
import { renderMarkdown } from "../../reporters/markdown/report-markdown.js";
import type { Result } from "../../model/result.js";
import { parseResult } from "../../model/parse-result.js";
import { readBasePlan } from "./base-plan.js";
import { checkNameOf, conclusionOf, createCheck } from "../publish/check.js";
import { upsertComment } from "../publish/comment.js";
import type { FinishedRun } from "../event/event.js";
import { connectFor, openConversation, type GithubContext } from "../event/github-context.js";
import { recompute } from "./recompute.js";
import { fetchArtifact } from "./run-artifact.js";
import { findPullRequest } from "./run-pull-request.js";
import { summaryTexts, writeSummary } from "../publish/summary.js";
import { parseUntrustedJson } from "./untrusted-json.js";
import { readZipEntry } from "./zip.js";

/** What became of a finished run's artifact. */
export type Reported =
  | { readonly kind: "reported"; readonly result: Result; readonly commentUrl: string | null }
  /** Nothing to tell, and nothing wrong: for instance, head has moved on. */
  | { readonly kind: "skipped"; readonly why: string };

const RESULT_FILE = "result.json";
const LARGEST_RESULT_BYTES = 32_000_000;

/**
 * `mode: report`: tells of a run that was measured without a token, in a job that runs nothing of the pull request.
 *
 * The pull request is found from the event, the limits come from the base branch, verdict and text are made here, and
 * of the artifact only numbers and short names are taken. The verdict does not decide how this job ends: the measuring
 * job has already failed or passed.
 *
 * @throws TailgateError "github" for another event or a refusal of the API, "artifact" for one that is absent or not
 *   what a run stores, "config" for a broken tailgate.yml on the base branch
 */
export async function report(context: GithubContext, inputs: Inputs): Promise<Reported> {
  const run = finishedRun(context);
  const client = await connectFor(context);
  if (client === null) throw noToken();

  const pull = await findPullRequest(client, context.runner, run);
  if (pull.kind === "none") return { kind: "skipped", why: pull.why };
  const base = await readBasePlan(client, context.runner, pull.baseRef, inputs);
  const { key, comment } = base.plan.report;
  const archive = await fetchArtifact(client, context.runner, run, key);
  const claim = parseResult(parseUntrustedJson(readZipEntry(archive, RESULT_FILE, LARGEST_RESULT_BYTES)));
  const result = recompute(claim, base, run);
  const render = (maxCharacters: number): string => renderMarkdown(result, { maxCharacters });

  context.core.setOutput("verdict", result.verdict);
  const problem = await writeSummary(context.runner.summaryPath, summaryTexts(result));
  if (problem !== null) context.core.info(problem);

  const { talk, open } = await openConversation(client, context.runner, pull.number, context.edges?.sleep);
  // Time has passed since the pull request was looked for.
  if (!open || talk.currentHead !== run.headSha)
    return { kind: "skipped", why: "its pull request has moved on" };
  let commentUrl: string | null = null;
  if (comment !== "never") {
    const outcome = await upsertComment(talk, {
      marker: {
        key,
        runId: run.id,
        runAttempt: run.attempt,
        headSha: run.headSha,
        startedAt: run.startedAt,
        state: result.verdict,
      },
      render,
      when: comment,
      mayCreate: open,
    });
    if (outcome.kind !== "posted") context.core.info(`Comment: ${outcome.why}.`);
    commentUrl = outcome.kind === "none" ? null : outcome.url;
  }
  context.core.setOutput("comment-url", commentUrl ?? "");
  try {
    await createCheck(client, context.runner, {
      name: checkNameOf(key),
      headSha: run.headSha,
      conclusion: conclusionOf(result.verdict, false),
      title: result.reason.slice(0, 200),
      summary: render(60_000),
      detailsUrl: run.url,
    });
  } catch (error) {
    // The comment stands; the check run is an extra.
    if (!(error instanceof TailgateError)) throw error;
    context.core.info(`There is no check run: ${error.message}`);
  }
  return { kind: "reported", result, commentUrl };
}

function finishedRun(context: GithubContext): FinishedRun {
  if (context.event.kind === "workflow_run") return context.event.run;
  throw new TailgateError(
    "github",
    `\`mode: report\` runs in a \`workflow_run\` workflow; this one was started by \`${context.runner.eventName}\`.`,
    "Copy both workflows from docs/forks-and-permissions.md.",
  );
}

function noToken(): TailgateError {
  return new TailgateError(
    "github",
    "`mode: report` needs a token, and `github-token` is empty.",
    "Leave `github-token` at its default, and grant `permissions: { actions: read, contents: read, pull-requests: write }`.",
  );
}
