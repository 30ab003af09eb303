import { describePlan } from "../../run/describe-plan.js";
import type { Journal } from "../../run/journal.js";
import { logLine, logText } from "../../text/log-text.js";
import { type ProgressStream, createProgress } from "./progress-line.js";

/** A journal on a terminal or in a log, and the way to take its live lines away. */
export interface TerminalJournal extends Journal {
  done(): void;
}

/** Steps and notes as lines, the measuring as a live view where the stream is a terminal. */
export function terminalJournal(
  stream: ProgressStream,
  environment: Readonly<Record<string, string | undefined>>,
  options: { readonly quiet: boolean; readonly verbose: boolean },
): TerminalJournal {
  const progress = createProgress({
    stream,
    environment,
    quiet: options.quiet,
    now: () => performance.now(),
  });
  return {
    begun: () => undefined,
    runOpened: () => undefined,
    step: (text) => {
      progress.note(`- ${logLine(text)}`);
    },
    note: (text) => {
      progress.note(`note: ${logLine(text)}`);
    },
    output(title, text) {
      if (options.verbose && text !== "")
        progress.note(`${logLine(title)}:\n${logText(text).replace(/^/gm, "    ")}`);
    },
    planned(plan, schedule) {
      for (const line of describePlan(plan, schedule)) progress.note(`  ${logLine(line)}`);
    },
    measured: (state) => {
      progress.update(state);
    },
    decided: ({ result }) => {
      progress.note(`- ${result.verdict}: ${logLine(result.reason)}`);
    },
    done: () => {
      progress.done();
    },
  };
}
