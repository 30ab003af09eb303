import { visible, visibleLines } from "../../text/escape.js";
import type { Core } from "../event/github-context.js";
import type { Annotation } from "./annotations.js";

/**
 * Text for the log that the runner will not take for a command. It looks for `::` at a line's start, blanks aside, and
 * for `##[` anywhere (actions/runner, ActionCommand.cs); a blank inside keeps both readable and harmless.
 */
export function withoutCommands(text: string): string {
  return visibleLines(text)
    .split("\n")
    .map((line) => line.replace(/^(\s*):(?=:)/, "$1: ").replaceAll("##[", "# #["))
    .join("\n");
}

/** Lines under a title that a reader can unfold. */
export function logGroup(core: Core, title: string, text: string): void {
  core.startGroup(withoutCommands(visible(title)));
  core.info(withoutCommands(text));
  core.endGroup();
}

/** Shows an annotation beside the job. @actions/core escapes what ends a command's title or message. */
export function annotate(core: Core, { level, title, message }: Annotation): void {
  core[level](visible(message), { title: visible(title) });
}
