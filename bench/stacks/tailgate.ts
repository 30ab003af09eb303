import { join } from "node:path";
import { startChild } from "./child.js";
import { PROJECT_ROOT } from "./project-root.js";

/** The command as a user has it. */
export const CLI = join(PROJECT_ROOT, "dist", "cli.js");

export interface TailgateCall {
  readonly cli: string;
  /** Without it, `run`. */
  readonly command?: "run" | "explain";
  /** After the command. */
  readonly arguments: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A file that is open, for what it prints; without it, our standard output. */
  readonly stdout?: number;
}

/**
 * Runs a command of Tailgate to its end, with what it tells people on our standard error, and gives its exit code.
 *
 * @throws Error when it was ended from outside
 */
export async function runTailgate(call: TailgateCall): Promise<number> {
  const code = await startChild([call.cli, call.command ?? "run", ...call.arguments], {
    cwd: call.cwd,
    env: call.environment,
    stdio: ["ignore", call.stdout ?? "inherit", "inherit"],
  }).ended;
  if (code === null) throw new Error("tailgate was ended by a signal");
  return code;
}
