import { visible, visibleLines } from "../../text/escape.js";
import type { Annotation } from "./annotations.js";

/** The part of @actions/core that writes to the job's log and outputs. */
export interface Core {
  info(message: string): void;
  debug(message: string): void;
  notice(message: string, properties?: { title?: string }): void;
  warning(message: string, properties?: { title?: string }): void;
  error(message: string, properties?: { title?: string }): void;
  startGroup(name: string): void;
  endGroup(): void;
  setOutput(name: string, value: string): void;
}

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
