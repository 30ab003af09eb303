import { resolve } from "node:path";
import { createColors } from "picocolors";
import { checkInputs } from "../config/inputs.js";
import { runGate } from "../run/run-gate.js";
import { REPORTERS } from "../reporters/reporters.js";
import { exitCodeOf } from "../verdict/exit-code.js";
import { cancellable } from "./cancel.js";
import { wantsColor } from "./terminal/progress-line.js";
import type { Streams } from "./terminal/streams.js";
import { terminalJournal } from "./terminal/terminal-journal.js";

/** Flags of `tailgate run`, as strings. */
export interface RunOptions {
  readonly config?: string | undefined;
  readonly base?: string | undefined;
  readonly head?: string | undefined;
  readonly build?: string | undefined;
  readonly start?: string | undefined;
  readonly path?: string | undefined;
  readonly scenario?: string | undefined;
  readonly budget?: string | undefined;
  readonly seed?: string | undefined;
  readonly failOn?: string | undefined;
  readonly explain?: string | undefined;
  readonly out?: string | undefined;
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly verbose?: boolean | undefined;
}

/** `tailgate run` in a folder; returns the exit code. */
export async function runCommand(
  options: RunOptions,
  workingDirectory: string,
  { stdout, stderr }: Pick<Streams, "stdout" | "stderr">,
): Promise<number> {
  const inputs = checkInputs(options, "flag");
  const journal = terminalJournal(stderr, process.env, {
    quiet: options.quiet ?? false,
    verbose: options.verbose ?? false,
  });
  try {
    const { result, files } = await cancellable((signal) =>
      runGate({
        inputs,
        workingDirectory,
        event: { kind: "local" },
        environment: process.env,
        outFolder: resolve(workingDirectory, options.out ?? ".tailgate"),
        runner: null,
        attempt: 1,
        signal,
        journal,
      }),
    );
    journal.done();
    const screen = { columns: stderr.columns ?? 100, palette: createColors(wantsColor(stderr, process.env)) };
    stderr.write(`${REPORTERS.terminal.render(result, screen)}\n`);
    stderr.write(`\nResult:  ${files.json}\nReport:  ${files.markdown}\n         ${files.html}\n`);
    if (options.json === true) stdout.write(`${JSON.stringify(result)}\n`);
    return exitCodeOf(result.verdict, inputs.failOn);
  } finally {
    journal.done();
  }
}
