#!/usr/bin/env node
import { CommanderError } from "commander";
import { Cancelled } from "./commands/cancel.js";
import { commandLine } from "./commands/command-line.js";
import { ownOutput } from "./commands/output.js";
import { diskFull, isDiskFull, TailgateError } from "./error.js";
import { logText } from "./text/log-text.js";

/* The command line: what was called, and how it ended. */

const output = ownOutput(process, tellError);
const { streams } = output;
let exitCode = 0;

try {
  await commandLine(streams, (code) => {
    exitCode = code;
  }).parseAsync();
} catch (error) {
  exitCode = tellError(withPlace(error));
}
process.exitCode = await output.exitCode(exitCode);

/** A full disk, wherever it was met. */
function withPlace(error: unknown): unknown {
  if (error instanceof TailgateError || !isDiskFull(error)) return error;
  return diskFull((error as NodeJS.ErrnoException).path ?? process.cwd(), error);
}

/** Says what went wrong; the exit code is 2 for anything but a request for help. */
function tellError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof TailgateError) {
    streams.stderr.write(logText(`tailgate: ${error.message}\n  ${error.hint}`) + "\n");
    return 2;
  }
  if (error instanceof Cancelled) {
    streams.stderr.write(`tailgate: ${error.message}; the services are stopped, finished blocks are kept.\n`);
    return error.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  streams.stderr.write(`tailgate: this is a bug of Tailgate, please report it.\n${logText(stack)}\n`);
  return 2;
}
