import { spawn, type ChildProcess } from "node:child_process";

import { TailgateError } from "../error.js";

export interface CommandStart {
  readonly command: string;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** File descriptor that takes both outputs. */
  readonly output: number;
  /** Processor list for `taskset`; `null`: not placed. */
  readonly processors: string | null;
  /** Where the first process enters its control group before anything else runs; `null`: none. */
  readonly cgroupProcsFile: string | null;
}

/** The arguments that start a command through the shell, placed and in its own group. */
export function commandLine(
  start: Pick<CommandStart, "command" | "processors" | "cgroupProcsFile">,
): string[] {
  const shell = ["/bin/sh", "-c", start.command];
  const placed = start.processors === null ? shell : ["taskset", "-c", start.processors, ...shell];
  if (start.cgroupProcsFile === null) return placed;
  // The shell enters by itself, so that no child of it can be born outside; if it may not, it goes on all the same.
  return ["/bin/sh", "-c", 'echo 0 2>/dev/null >"$0"; exec "$@"', start.cgroupProcsFile, ...placed];
}

/** Starts a command as leader of a session of its own. Rejects if there is no such folder or shell. */
export async function spawnCommand(start: CommandStart): Promise<ChildProcess & { readonly pid: number }> {
  const [file, ...args] = commandLine(start);
  const child = spawn(file!, args, {
    cwd: start.cwd,
    env: { ...start.environment },
    stdio: ["ignore", start.output, start.output],
    detached: true,
  });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (cause) => {
      reject(
        new TailgateError(
          "service",
          `the command could not be started in ${start.cwd}: ${cause.message}`,
          "Check that the folder exists and that the command is one line for /bin/sh.",
          { cause },
        ),
      );
    });
  });
  return child as ChildProcess & { readonly pid: number };
}
