import { markdownText } from "../../text/escape.js";
import type { ProgressState } from "../../reporters/progress/progress.js";
import { runUrl, type RunnerEnvironment } from "../event/runner-environment.js";

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
