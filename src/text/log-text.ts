import { visible, visibleLines } from "./escape.js";

/**
 * Text from outside for a log: visible lines that the runner of GitHub Actions will not take for a command. It looks for
 * `::` at a line's start, blanks aside, and for `##[` anywhere (actions/runner, ActionCommand.cs). A blank inside keeps
 * both readable and harmless.
 */
export function logText(text: string): string {
  return withoutCommands(visibleLines(text));
}

/** Text of ours, with colours, that holds names of others: nothing in it is taken for a command. */
export function withoutCommands(text: string): string {
  return text.split("\n").map(disarmed).join("\n");
}

/** The same for one line: line breaks become blanks. */
export function logLine(text: string): string {
  return disarmed(visible(text));
}

function disarmed(line: string): string {
  return line.replace(/^(\s*):(?=:)/, "$1: ").replaceAll("##[", "# #[");
}
