/**
 * Names under which the main step leaves word for the clean-up step. In a file of their own, so that the clean-up's bundle
 * does not carry the schemas that a journal reaches.
 */
export const STEP_STATE = {
  /** The run's id: its processes and folder are found by it. */
  runId: "runId",
  /** `begun` while a comment says that the run goes on, `told` once it has the result. */
  comment: "comment",
} as const;
