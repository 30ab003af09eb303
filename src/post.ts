import * as core from "@actions/core";

import { finishAbandoned } from "./github/abandoned.js";
import { readRunnerEnvironment } from "./github/environment.js";
import { readEvent } from "./github/event-file.js";
import { parseMode, readInputs } from "./github/inputs.js";
import { cleanUp } from "./service/clean-up.js";
import { temporaryParent } from "./service/run-folder.js";

/** Name under which the main step saves its run's id for this one. */
const RUN_ID_STATE = "runId";

// Cleaning up never changes how the job ends: what was measured stands.
try {
  const runId = core.getState(RUN_ID_STATE);
  const parent = temporaryParent(process.env);
  for (const line of await cleanUp({ parent, runId: runId === "" ? null : runId })) core.info(line);
  await finishComment();
} catch (error) {
  core.warning(`Cleaning up failed: ${error instanceof Error ? error.message : String(error)}`);
}

/** A run that was cancelled leaves a comment that says it goes on. */
async function finishComment(): Promise<void> {
  const inputs = readInputs((name) => core.getInput(name));
  if (parseMode(inputs.mode) !== "run") return;
  const runner = readRunnerEnvironment(process.env);
  const event = await readEvent(runner);
  await finishAbandoned({
    runner,
    event,
    token: inputs.githubToken,
    startedAt: new Date().toISOString(),
    core,
  });
}
