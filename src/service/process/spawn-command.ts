import { spawn, type ChildProcess } from "node:child_process";

import { TailgateError } from "../../error.js";

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
  /** How readily the kernel kills it when memory is short (proc(5), oom_score_adj); `null`: as readily as us. */
  readonly oomScoreAdjustment: number | null;
}

/** The first shell writes both, so that every child inherits them. Where it may not write, it goes on all the same. */
const PREPARE = `[ -z "$0" ] || echo "$0" 2>/dev/null >/proc/self/oom_score_adj
[ -z "$1" ] || echo 0 2>/dev/null >"$1"
shift; exec "$@"`;

/** The arguments that start a command through the shell, placed, in its own group, and the first to go when memory is short. */
function commandLine(
  start: Pick<CommandStart, "command" | "processors" | "cgroupProcsFile" | "oomScoreAdjustment">,
): string[] {
  const { cgroupProcsFile: group, oomScoreAdjustment: adjustment } = start;
  const shell = ["/bin/sh", "-c", start.command];
  const placed = start.processors === null ? shell : ["taskset", "-c", start.processors, ...shell];
  if (group === null && adjustment === null) return placed;
  return ["/bin/sh", "-c", PREPARE, String(adjustment ?? ""), group ?? "", ...placed];
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
