import { visible } from "../../text/escape.js";
import { logLine, logText } from "../../text/log-text.js";
import type { Core } from "../event/github-context.js";
import type { Annotation } from "./annotations.js";

/** Lines under a title that a reader can unfold. */
export function logGroup(core: Core, title: string, text: string): void {
  core.startGroup(logLine(title));
  core.info(logText(text));
  core.endGroup();
}

/** Shows an annotation beside the job. @actions/core escapes what ends a command's title or message. */
export function annotate(core: Core, { level, title, message }: Annotation): void {
  core[level](visible(message), { title: visible(title) });
}
