import { getState, info, warning } from "@actions/core";

import { cleanUp } from "./service/clean-up.js";
import { temporaryParent } from "./service/run-folder.js";

/** Name under which the main step saves its run's id for this one. */
const RUN_ID_STATE = "runId";

// Cleaning up never changes how the job ends: what was measured stands.
try {
  const runId = getState(RUN_ID_STATE);
  const parent = temporaryParent(process.env);
  for (const line of await cleanUp({ parent, runId: runId === "" ? null : runId })) info(line);
} catch (error) {
  warning(`Cleaning up failed: ${error instanceof Error ? error.message : String(error)}`);
}
