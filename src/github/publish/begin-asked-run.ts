import { checkInputs, type RawInputs } from "../../config/inputs.js";
import { TailgateError } from "../../error.js";
import { OPERATIONS } from "../api/operation.js";
import type { GithubClient } from "../api/client.js";
import { askedOptions } from "../event/asked-options.js";
import { askedRun } from "../event/asked-run.js";
import type { GithubEvent } from "../event/event.js";
import { connectFor, type GithubContext } from "../event/github-context.js";
import { readBasePlan } from "../untrusted/base-plan.js";
import { startProgress } from "./progress.js";

type Asking = Extract<GithubEvent, { kind: "issue_comment" }>;

/** Before anything has begun. */
const WAITING = {
  step: "a comment has asked for a run",
  block: 0,
  maximumBlocks: null,
  elapsedMs: 0,
  remainingMs: null,
  arms: [],
  watched: [],
};

/**
 * `mode: begin`: tells whoever asked for a run that it begins, by a reaction to the comment and by a comment with the link.
 * The job runs nothing of the pull request; the jobs after it measure and report. A comment that asks for what is not
 * known gets another reaction, and one by an outsider none.
 *
 * @throws TailgateError "github" for another event, an author who may not write and options that are not known, "config" for
 *   wrong values of them and for a broken tailgate.yml on the base branch, GithubFault
 */
export async function beginAskedRun(context: GithubContext, raw: RawInputs): Promise<void> {
  const { event } = context;
  if (event.kind !== "issue_comment") throw notAsked(context);
  const client = await connectFor(context);
  const asked = await askedRun(event, "measure", context.runner, client);
  if (asked.kind !== "pull_request" || client === null) throw notAsked(context);
  try {
    const inputs = checkInputs({ ...raw, ...askedOptions(event.body) }, "input");
    // A scenario may be head's alone: the measuring job knows.
    const base = { ...inputs, scenario: null };
    const { plan } = await readBasePlan(client, context.runner, asked.pullRequest.baseRef, base);
    await react(client, context, event, "eyes");
    const shown = { comment: "always", key: plan.report.key, state: WAITING } as const;
    await (await startProgress({ ...context, event: asked }, shown)).stop();
  } catch (error) {
    if (error instanceof TailgateError) await react(client, context, event, "confused");
    throw error;
  }
}

/** A reaction that cannot be given stands in nobody's way. */
async function react(
  client: GithubClient,
  { runner, core }: GithubContext,
  { commentId }: Asking,
  content: "eyes" | "confused",
): Promise<void> {
  const { owner, repository: repo } = runner;
  try {
    await client.call(OPERATIONS.react, (api, request) =>
      api.rest.reactions.createForIssueComment({ owner, repo, comment_id: commentId, content, request }),
    );
  } catch (error) {
    if (!(error instanceof TailgateError)) throw error;
    core.info(`No reaction to the comment: ${error.message} ${error.hint}`);
  }
}

function notAsked({ runner }: GithubContext): TailgateError {
  return new TailgateError(
    "github",
    `\`mode: begin\` answers a comment on a pull request; this job was started by \`${runner.eventName}\`.`,
    "Copy the workflow from docs/forks-and-permissions.md.",
  );
}
