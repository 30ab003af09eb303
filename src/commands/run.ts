import { resolve } from "node:path";
import { createColors } from "picocolors";
import { checkInputs } from "../config/inputs.js";
import { type GateOutcome, runGate } from "../run/run-gate.js";
import type { RunContext } from "../run/run-context.js";
import { localContext } from "./local-context.js";
import { runShard } from "../run/shards/run-shard.js";
import { REPORTERS } from "../reporters/reporters.js";
import { shardExitCode, shardText } from "../reporters/text/shard-text.js";
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
  readonly shard?: string | undefined;
  readonly shardBy?: string | undefined;
  /** Folder below which a shard finds its pilot's file. */
  readonly pilot?: string | undefined;
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
  const outFolder = resolve(workingDirectory, options.out ?? ".tailgate");
  const context = (signal: AbortSignal): RunContext =>
    localContext({ inputs, workingDirectory, outFolder, signal, journal });
  try {
    const { shard } = inputs;
    if (shard !== null) {
      const pilotFolder = resolve(workingDirectory, options.pilot ?? ".tailgate");
      const outcome = await cancellable((signal) => runShard(context(signal), shard, pilotFolder));
      journal.done();
      stderr.write(`${shardText(outcome.document)}\n\nShard:   ${outcome.file}\n`);
      if (options.json === true) stdout.write(`${JSON.stringify(outcome.document)}\n`);
      return shardExitCode(outcome.document);
    }
    const outcome = await cancellable((signal) => runGate(context(signal)));
    journal.done();
    showOutcome(outcome, { stdout, stderr }, options.json === true);
    return exitCodeOf(outcome.result.verdict, inputs.failOn);
  } finally {
    journal.done();
  }
}

/** The result as text on standard error, and as JSON on standard output where that is asked for. */
export function showOutcome(
  { result, files }: GateOutcome,
  { stdout, stderr }: Pick<Streams, "stdout" | "stderr">,
  json: boolean,
): void {
  const screen = { columns: stderr.columns ?? 100, palette: createColors(wantsColor(stderr, process.env)) };
  stderr.write(`${REPORTERS.terminal.render(result, screen)}\n`);
  stderr.write(`\nResult:  ${files.json}\nReport:  ${files.markdown}\n         ${files.html}\n`);
  if (json) stdout.write(`${JSON.stringify(result)}\n`);
}
