import { resolve } from "node:path";
import { createColors } from "picocolors";
import { checkInputs } from "../config/inputs.js";
import { renderExplanation } from "../reporters/terminal/report-terminal.js";
import { explainAlone } from "../run/explaining/explain-alone.js";
import { localContext } from "./local-context.js";
import { cancellable } from "./cancel.js";
import type { RunOptions } from "./run.js";
import { wantsColor } from "./terminal/progress-line.js";
import type { Streams } from "./terminal/streams.js";
import { terminalJournal } from "./terminal/terminal-journal.js";

/** Flags of `tailgate explain`, as strings. */
export interface ExplainOptions extends Omit<RunOptions, "failOn" | "explain"> {
  readonly scenario?: string | undefined;
}

/** What could not be looked into, or failed meanwhile, is no answer. */
const NO_ANSWER = { "no-instrument": true, failed: true } as const;

/** `tailgate explain` in a folder; returns the exit code: 0 for an answer, whatever it says, and 2 for none. */
export async function explainCommand(
  options: ExplainOptions,
  workingDirectory: string,
  { stdout, stderr }: Pick<Streams, "stdout" | "stderr">,
): Promise<number> {
  const inputs = checkInputs(options, "flag");
  const outFolder = resolve(workingDirectory, options.out ?? ".tailgate/explain");
  const journal = terminalJournal(stderr, process.env, {
    quiet: options.quiet ?? false,
    verbose: options.verbose ?? false,
  });
  try {
    const explanation = await cancellable(async (signal) => {
      const context = localContext({ inputs, workingDirectory, outFolder, signal, journal });
      const found = await explainAlone(context, { scenario: options.scenario ?? null });
      signal.throwIfAborted();
      return found;
    });
    journal.done();
    const screen = { columns: stderr.columns ?? 100, palette: createColors(wantsColor(stderr, process.env)) };
    stderr.write(`\n${renderExplanation(explanation, screen)}`);
    if (explanation.profiles.length > 0) stderr.write(`\nProfiles:  ${resolve(outFolder, "profiles")}\n`);
    if (options.json === true) stdout.write(`${JSON.stringify(explanation)}\n`);
    return explanation.finding in NO_ANSWER ? 2 : 0;
  } finally {
    journal.done();
  }
}
