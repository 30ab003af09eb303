import type { CommentWhen } from "../../model/plan.js";
import { TailgateError } from "../../error.js";
import type { ProgressState } from "../../reporters/progress/progress.js";
import { upsertComment, type Wanted } from "./comment.js";
import { readComment, updateComment } from "./own-comments.js";
import type { GithubContext } from "../event/github-context.js";
import { ownRun } from "../event/own-run.js";
import { conversationOf, type Conversation } from "./conversation.js";
import { markerLine, markerOf, supersedes } from "./marker.js";
import { runUrl, type RunnerEnvironment } from "../event/runner-environment.js";
import { markdownText } from "../../text/escape.js";

/** Keeps a reader posted while the run goes on. */
export interface Progress {
  /** Shows this soon; the comment changes at most every 30 s, and only the latest state counts. */
  update(state: ProgressState): void;
  /** Ends the updates and waits for one that is under way. Call before `publish`. Safe to call twice. */
  stop(): Promise<void>;
}

/** No more often, so that a run does not use up the repository's API limit or flood a reader with edits. */
export const UPDATE_EVERY_MS = 30_000;

const SILENT: Progress = { update: () => undefined, stop: () => Promise.resolve() };

/**
 * Posts the comment that says a run has begun, and keeps it up to date. Does nothing unless `comment: always`, there is
 * a pull request and there is a token. A failure ends the updates with one line in the log and nothing else.
 */
export async function startProgress(
  context: GithubContext,
  options: { readonly comment: CommentWhen; readonly key: string; readonly state: ProgressState },
): Promise<Progress> {
  if (options.comment !== "always" || context.event.kind !== "pull_request") return SILENT;
  const marker = markerOf(ownRun(context), options.key, "progress");
  const wanted = (state: ProgressState): Wanted => ({
    marker,
    render: () => progressMarkdown(state, context.runner),
    when: "always",
    mayCreate: true,
  });
  try {
    const current = await conversationOf(context, context.event.pullRequest.number);
    if (current === null || !current.open) return SILENT;
    const { conversation } = current;
    const outcome = await upsertComment(conversation, wanted(options.state));
    if (outcome.kind !== "posted") return SILENT;
    return updates(context, (state) => edit(conversation, outcome.id, wanted(state)));
  } catch (error) {
    context.core.info(`No progress in a comment: ${messageAndHint(error)}`);
    return SILENT;
  }
}

/** Calls `show` with the latest state, never twice within the interval, never two at once. */
function updates(context: GithubContext, show: (state: ProgressState) => Promise<boolean>): Progress {
  let latest: ProgressState | null = null;
  let timer: NodeJS.Timeout | null = null;
  let underWay: Promise<void> = Promise.resolve();
  let ended = false;

  const tick = async (): Promise<void> => {
    const state = latest;
    latest = null;
    if (state === null || ended) return;
    try {
      if (!(await show(state))) ended = true;
    } catch (error) {
      ended = true;
      context.core.info(`No more progress in the comment: ${messageAndHint(error)}`);
    }
  };
  const schedule = (): void => {
    timer ??= setTimeout(() => {
      timer = null;
      underWay = tick().then(() => {
        if (latest !== null && !ended) schedule();
      });
    }, UPDATE_EVERY_MS).unref();
  };
  return {
    update: (state) => {
      if (ended) return;
      latest = state;
      schedule();
    },
    stop: async () => {
      ended = true;
      if (timer !== null) clearTimeout(timer);
      timer = null;
      await underWay;
    },
  };
}

/** Changes the comment unless a newer run has taken it over meanwhile. */
async function edit(conversation: Conversation, id: number, wanted: Wanted): Promise<boolean> {
  const posted = await readComment(conversation, id);
  if (posted === null || !supersedes(wanted.marker, posted.marker, conversation.currentHead)) return false;
  await updateComment(conversation, id, `${markerLine(wanted.marker)}\n${wanted.render(0)}`);
  return true;
}

function messageAndHint(error: unknown): string {
  return error instanceof TailgateError ? `${error.message} ${error.hint}` : String(error);
}

/** The comment's text while a run goes on: "measuring, about 4 minutes". */
export function progressMarkdown(state: ProgressState, runner: RunnerEnvironment): string {
  const parts = [markdownText(state.step)];
  if (state.maximumBlocks !== null) parts.push(`block ${state.block} of at most ${state.maximumBlocks}`);
  if (state.remainingMs !== null) parts.push(aboutMinutes(state.remainingMs));
  return `**Tailgate** is at work: ${parts.join(", ")}. [Follow the run](${runUrl(runner)}).`;
}

/** The text for a run that ended before it had a result, such as one that was cancelled. */
export function endedMarkdown(runner: RunnerEnvironment): string {
  return `**Tailgate** was stopped before it had a result, so nothing is known. [See the run](${runUrl(runner)}).`;
}

function aboutMinutes(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  if (minutes <= 1) return "about a minute more";
  return `about ${minutes} minutes more`;
}
