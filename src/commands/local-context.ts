import type { Inputs } from "../config/inputs.js";
import type { RunContext } from "../run/run-context.js";

/** What a command differs in from others. */
interface LocalRun extends Pick<RunContext, "workingDirectory" | "outFolder" | "journal" | "signal"> {
  readonly inputs: Inputs;
  /** Left out: that of this process. */
  readonly environment?: RunContext["environment"];
}

/** A run on one's own machine: no event, no runner, the first attempt. */
export function localContext(given: LocalRun): RunContext {
  return { event: { kind: "local" }, environment: process.env, runner: null, attempt: 1, ...given };
}
