import type { Core } from "../../../src/github/event/github-context.js";

/** Keeps what would have gone to the runner. */
export interface RecordingCore extends Core {
  readonly lines: string[];
  readonly outputs: Record<string, string>;
}

export function recordingCore(): RecordingCore {
  const lines: string[] = [];
  const outputs: Record<string, string> = {};
  const say =
    (kind: string) =>
    (message: string, properties?: { title?: string }): void => {
      lines.push(`${kind}: ${properties?.title === undefined ? "" : `[${properties.title}] `}${message}`);
    };
  return {
    lines,
    outputs,
    info: say("info"),
    debug: say("debug"),
    notice: say("notice"),
    warning: say("warning"),
    error: say("error"),
    startGroup: say("group"),
    endGroup: () => undefined,
    setOutput: (name, value) => {
      outputs[name] = value;
    },
  };
}
