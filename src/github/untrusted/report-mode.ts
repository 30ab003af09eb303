import type { Inputs } from "../../config/inputs.js";
import { TailgateError } from "../../error.js";
import type { Result } from "../../model/result.js";
import { parseResult } from "../../model/parse-result.js";
import { readBasePlan } from "./base-plan.js";
import { finishAbandoned } from "../publish/abandoned-comment.js";
import { conclusionOf } from "../publish/check.js";
import { openConversation } from "../publish/conversation.js";
import { publish } from "../publish/publish.js";
import type { FinishedRun } from "../event/event.js";
import { OPERATIONS } from "../api/operation.js";
import { ownRun } from "../event/own-run.js";
import type { GithubClient } from "../api/client.js";
import { connectFor, type GithubContext } from "../event/github-context.js";
import { remoteOf, type HistoryRemote } from "../history/remote.js";
import { storedSinceRelease } from "../history/stored-since-release.js";
import { recompute } from "./recompute.js";
import { fetchArtifacts } from "./run-artifact.js";
import { findPullRequests, type MeasuredPullRequest } from "./run-pull-request.js";
import { nameForReport } from "./short-text.js";
import { parseUntrustedJson } from "../../store/untrusted-json.js";
import { readZipEntry } from "./zip.js";

/** What became of a finished run's artifact. */
export type Reported =
  | { readonly kind: "reported"; readonly result: Result; readonly commentUrl: string | null }
  /** Nothing to tell, and nothing wrong: for instance, head has moved on. */
  | { readonly kind: "skipped"; readonly why: string };

export const RESULT_FILE = "result.json";
export const LARGEST_RESULT_BYTES = 32_000_000;

/**
 * `mode: report`: tells of a run that was measured without a token, in a job that runs nothing of the pull request.
 *
 * The pull request is found from the event, the limits come from the base branch, verdict and text are made here, and
 * of the artifact only numbers and short names are taken. The verdict does not decide how this job ends: the measuring
 * job has already failed or passed.
 *
 * @throws TailgateError "github" for another event or a refusal of the API, "artifact" for one that is absent or not
 *   what a run stores, "config" for a broken tailgate.yml on the base branch
 * @param remote - of the history; tests read from a folder
 * @returns one entry for each pull request with this head, and of it for each leg of the run's job matrix
 */
export async function reportPullRequests(
  context: GithubContext,
  inputs: Inputs,
  remote: HistoryRemote = remoteOf(context),
): Promise<Reported[]> {
  requireReporting(context);
  const client = await connectFor(context);
  if (client === null) throw noToken();
  const run = await finishedRun(client, context);
  if (context.event.kind !== "issue_comment") return reportRun({ run, client, context, remote }, inputs);
  let told = false;
  try {
    const reported = await reportRun({ run, client, context, remote }, inputs);
    told = reported.some(({ kind }) => kind === "reported");
    return reported;
  } finally {
    // The job that began the run has said that it is at work.
    await finishAbandoned(context, told);
  }
}

/** A finished run, and the job that tells of it. */
interface ReportedRun {
  readonly run: FinishedRun;
  readonly client: GithubClient;
  readonly context: GithubContext;
  readonly remote: HistoryRemote;
}

async function reportRun(reporting: ReportedRun, inputs: Inputs): Promise<Reported[]> {
  const { run, client, context } = reporting;
  const found = await findPullRequests(client, context.runner, run);
  if (found.kind === "none") return [{ kind: "skipped", why: found.why }];
  const reported: Reported[] = [];
  const failed: unknown[] = [];
  for (const pull of found.pulls) {
    const place: ReportPlace = { ...reporting, pull, others: found.pulls.length - 1 };
    try {
      reported.push(...(await reportTo(place, inputs)));
    } catch (error) {
      // What stands in the way of one, such as its base's file, must not keep the others from being told.
      failed.push(error);
    }
  }
  if (failed.length > 0) throw failed[0];
  return reported;
}

/** One pull request that a run is reported to. */
interface ReportPlace extends ReportedRun {
  readonly pull: MeasuredPullRequest;
  /** How many more pull requests have the same commit as their head. */
  readonly others: number;
}

/** Tells one pull request of every leg of the run's job matrix, by the limits of its own base. */
async function reportTo(place: ReportPlace, inputs: Inputs): Promise<Reported[]> {
  const { run, pull, client, context } = place;
  const base = await readBasePlan(client, context.runner, pull.baseRef, inputs);
  const reported: Reported[] = [];
  const measured = context.event.kind === "issue_comment" ? { ...run, startedAt: BEGINNING } : run;
  for (const { key, archive } of await fetchArtifacts(
    client,
    context.runner,
    measured,
    base.plan.report.key,
  )) {
    const claim = parseResult(parseUntrustedJson(readZipEntry(archive, RESULT_FILE, LARGEST_RESULT_BYTES)));
    if (context.event.kind === "issue_comment" && !isOf(claim, run.headSha)) {
      reported.push({ kind: "skipped", why: "the pull request has moved on since it was measured" });
      continue;
    }
    const ofLeg = { ...base, plan: { ...base.plan, report: { ...base.plan.report, key } } };
    const result = await withHistory(recompute(claim, ofLeg, run), place);
    reported.push(await tell(place.others > 0 ? sharedHead(result, place) : result, place));
  }
  return reported;
}

/** In a run of one's own, artifacts of the measuring job are older than this one, and none is of another event. */
const BEGINNING = "1970-01-01T00:00:00.000Z";

function isOf(claim: Result, sha: string): boolean {
  return claim.arms.some((arm) => arm.role === "head" && arm.revision?.sha === sha);
}

/** With what had come together on the base branch, where it keeps a history: read from the repository, never from the claim. */
async function withHistory(result: Result, { pull, remote }: ReportPlace): Promise<Result> {
  const base = result.arms.find((arm) => arm.role === "base")?.revision ?? null;
  if (result.plan.history !== true || base === null) return result;
  const upTo = { branch: pull.baseRef, base: base.sha, suite: result.plan.report.key };
  const stored = await storedSinceRelease(remote, upTo);
  if (typeof stored !== "string") return { ...result, sinceRelease: [...stored] };
  return { ...result, warnings: [...result.warnings, { code: "history", message: stored }] };
}

/** Each pull request of a branch is measured by a run of its own, and GitHub does not say which is which. */
function sharedHead(result: Result, { pull, others }: ReportPlace): Result {
  const message =
    `this commit is the head of ${others + 1} open pull requests, and the run that measured it may have been another's: ` +
    `check that its base is where ${nameForReport(pull.baseRef)} was left`;
  return { ...result, warnings: [...result.warnings, { code: "shared-head", message }] };
}

async function tell(result: Result, { run, pull, others, client, context }: ReportPlace): Promise<Reported> {
  const current = await openConversation(client, context.runner, pull.number, context.edges?.sleep);
  // Time has passed since the pull request was looked for.
  if (!current.open || current.conversation.currentHead !== run.headSha)
    return { kind: "skipped", why: "its pull request has moved on" };
  const { commentUrl } = await publish(
    {
      result,
      run,
      outputs: { verdict: result.verdict },
      annotations: [],
      pullRequest: () => Promise.resolve(current),
      commentRequired: true,
      conclusion: conclusionOf(result.verdict, false),
      into: others > 0 ? pull.baseRef : null,
      artifact: null,
    },
    context,
  );
  return { kind: "reported", result, commentUrl };
}

/** The run that measured: the one that a `workflow_run` names, or this one, in which a comment asked for it. */
async function finishedRun(client: GithubClient, context: GithubContext): Promise<FinishedRun> {
  const { event } = context;
  if (event.kind === "workflow_run") return event.run;
  const { owner, repository: repo } = context.runner;
  const pull_number = event.kind === "issue_comment" ? event.number : 0;
  const { data: pull } = await client.call(OPERATIONS.getPullRequest, (api, request) =>
    api.rest.pulls.get({ owner, repo, pull_number, request }),
  );
  const head = pull.head.repo as { readonly full_name: string } | null;
  return {
    ...ownRun(context),
    event: "pull_request",
    conclusion: "",
    headSha: pull.head.sha,
    headBranch: pull.head.ref,
    headRepository: head?.full_name ?? null,
  };
}

function requireReporting({ event, runner }: GithubContext): void {
  if (event.kind === "workflow_run" || (event.kind === "issue_comment" && event.onPullRequest)) return;
  throw new TailgateError(
    "github",
    `\`mode: report\` runs in a \`workflow_run\` workflow, or after a comment on a pull request; this one was started by \`${runner.eventName}\`.`,
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
