import { TailgateError } from "../../error.js";
import { findOwnComments, updateComment } from "./own-comments.js";
import type { GithubContext } from "../event/github-context.js";
import { conversationOf } from "./conversation.js";
import { markerLine } from "./marker.js";
import { endedMarkdown } from "./progress.js";

/**
 * For the clean-up step: a comment of this very attempt that still says "at work" is made to say that the run was
 * stopped. Never throws for what GitHub says.
 */
export async function finishAbandoned(context: GithubContext): Promise<void> {
  if (context.event.kind !== "pull_request") return;
  try {
    const current = await conversationOf(context, context.event.pullRequest.number);
    if (current === null) return;
    const { conversation } = current;
    const { runId, runAttempt } = context.runner;
    const left = await findOwnComments(
      conversation,
      (marker) => marker.state === "progress" && marker.runId === runId && marker.runAttempt === runAttempt,
    );
    for (const { id, marker } of left) {
      const line = markerLine({ ...marker, state: "invalid" });
      await updateComment(conversation, id, `${line}\n${endedMarkdown(context.runner)}`);
    }
  } catch (error) {
    if (!(error instanceof TailgateError)) throw error;
    context.core.info(`The comment still says that the run goes on: ${error.message}`);
  }
}
