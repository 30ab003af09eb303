/** Names under which the main step leaves word for the clean-up step. */
export const STEP_STATE = {
  /** The run's id: its processes, worktrees and folder are found by it. */
  runId: "runId",
  /** `begun` while a comment says that the run goes on, `told` once it has the result. */
  comment: "comment",
} as const;
