import { resolve } from "node:path";
import { checkInputs } from "../config/inputs.js";
import { mergeShards } from "../run/shards/merge-shards.js";
import { exitCodeOf } from "../verdict/exit-code.js";
import { showOutcome } from "./run.js";
import type { Streams } from "./terminal/streams.js";

/** Flags of `tailgate merge`, as strings. */
export interface MergeOptions {
  readonly failOn?: string | undefined;
  readonly out?: string | undefined;
  readonly json?: boolean | undefined;
}

/**
 * `tailgate merge`: judges all shards below a folder as one run; returns the exit code of `run`.
 *
 * @throws TailgateError "artifact" for shards that are not of one run
 */
export async function mergeCommand(
  folder: string,
  options: MergeOptions,
  workingDirectory: string,
  streams: Pick<Streams, "stdout" | "stderr">,
): Promise<number> {
  const inputs = checkInputs({ failOn: options.failOn }, "flag");
  const outcome = await mergeShards({
    inputs,
    folder: resolve(workingDirectory, folder),
    outFolder: resolve(workingDirectory, options.out ?? ".tailgate"),
    attempt: 1,
  });
  showOutcome(outcome, streams, options.json === true);
  return exitCodeOf(outcome.result.verdict, inputs.failOn);
}
