import { join } from "node:path";
import { startChild } from "./child.js";
import { PROJECT_ROOT } from "./project-root.js";

/** The command as a user has it. */
export const CLI = join(PROJECT_ROOT, "dist", "cli.js");

export interface TailgateCall {
  readonly cli: string;
  /** After `tailgate run`. */
  readonly arguments: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Runs `tailgate run` to its end, with what it tells people on our standard error, and gives its exit code.
 *
 * @throws Error when it was ended from outside
 */
export async function runTailgate(call: TailgateCall): Promise<number> {
  const code = await startChild([call.cli, "run", ...call.arguments], {
    cwd: call.cwd,
    env: call.environment,
    stdio: ["ignore", "inherit", "inherit"],
  }).ended;
  if (code === null) throw new Error("tailgate was ended by a signal");
  return code;
}
