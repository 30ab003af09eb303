import { TailgateError } from "../../error.js";
import { deleteComment, findOwnComments, updateComment } from "./own-comments.js";
import type { GithubContext } from "../event/github-context.js";
import { conversationOf } from "./conversation.js";
import { markerLine } from "./marker.js";
import { endedMarkdown } from "./progress.js";
import type { GithubEvent } from "../event/event.js";

/**
 * A comment of this very attempt that still says "at work" is made to say that the run was stopped: by the clean-up step,
 * and by the job that reports of a run that a comment asked for. Never throws for what GitHub says.
 *
 * @param told - whether the run has told its result in another comment, as the legs of a job matrix do: the one left is deleted
 */
export async function finishAbandoned(context: GithubContext, told = false): Promise<void> {
  const number = pullRequestOf(context.event);
  if (number === null) return;
  try {
    const current = await conversationOf(context, number);
    if (current === null) return;
    const { conversation } = current;
    const { runId, runAttempt } = context.runner;
    const left = await findOwnComments(
      conversation,
      (marker) => marker.state === "progress" && marker.runId === runId && marker.runAttempt === runAttempt,
    );
    for (const { id, marker } of left) {
      if (told) {
        await deleteComment(conversation, id);
        continue;
      }
      const line = markerLine({ ...marker, state: "invalid" });
      await updateComment(conversation, id, `${line}\n${endedMarkdown(context.runner)}`);
    }
  } catch (error) {
    if (!(error instanceof TailgateError)) throw error;
    context.core.info(`The comment still says that the run goes on: ${error.message}`);
  }
}

function pullRequestOf(event: GithubEvent): number | null {
  if (event.kind === "pull_request") return event.pullRequest.number;
  return event.kind === "issue_comment" ? event.number : null;
}
