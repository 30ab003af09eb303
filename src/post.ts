import * as core from "@actions/core";

import { ownOutput } from "./commands/output.js";
import { finishAbandoned } from "./github/publish/abandoned-comment.js";
import { readRunnerEnvironment } from "./github/event/runner-environment.js";
import { readEvent } from "./github/event/parse-event.js";
import { readInputs } from "./github/event/inputs.js";
import { STEP_STATE } from "./github/publish/step-state.js";
import { cleanUp } from "./service/clean-up/clean-up.js";
import { logText } from "./text/log-text.js";
import { temporaryParent } from "./service/clean-up/run-folder.js";

ownOutput(process, failed);

// Cleaning up never changes how the job ends: what was measured stands.
try {
  const runId = core.getState(STEP_STATE.runId);
  const parent = temporaryParent(process.env);
  const swept = { parent, runId: runId === "" ? null : runId };
  for (const line of await cleanUp(swept)) core.info(line);
  if (core.getState(STEP_STATE.comment) === "begun") await finishComment();
} catch (error) {
  failed(error);
}

function failed(error: unknown): number {
  core.warning(logText(`Cleaning up failed: ${error instanceof Error ? error.message : String(error)}`));
  return 0;
}

/** A run that was cancelled leaves a comment that says it goes on. */
async function finishComment(): Promise<void> {
  const inputs = readInputs((name) => core.getInput(name));
  const runner = readRunnerEnvironment(process.env);
  const event = readEvent(runner);
  await finishAbandoned({
    runner,
    event,
    token: inputs.githubToken,
    startedAt: new Date().toISOString(),
    core,
  });
}
