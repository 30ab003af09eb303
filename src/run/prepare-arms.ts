import type { ArmPlan, Plan } from "../model/plan.js";
import { TailgateError } from "../error.js";
import type { ArmFailure } from "../experiment/launches.js";
import type { Revision } from "../git/revision.js";
import { prepareArm, type PreparedArm } from "./prepare-arm.js";
import type { RunContext } from "./run-context.js";
import type { RunWorkspace } from "./run-workspace.js";

export interface PreparedArms {
  readonly arms: readonly PreparedArm[];
  /** Arms that did not build, or whose setup failed. */
  readonly failures: readonly ArmFailure[];
}

/** The code that an arm runs; `null` for a whole stack, which is measured where it lies. */
export type RevisionOf = (arm: ArmPlan) => Revision | null;

/**
 * Prepares every arm, base first, because head's build may do anything. The control shares base's checkout.
 *
 * @throws TailgateError "revision" when code cannot be checked out
 */
export async function prepareArms(
  plan: Plan,
  revisionOf: RevisionOf,
  context: RunContext,
  workspace: RunWorkspace,
): Promise<PreparedArms> {
  const arms: PreparedArm[] = [];
  const failures: ArmFailure[] = [];
  for (const arm of plan.arms) {
    if (arm.role === "control") {
      // Where base failed, its copy would fail as well.
      const base = arms.find((other) => other.plan.role === "base");
      if (base !== undefined) arms.push({ ...base, plan: arm });
      continue;
    }
    try {
      arms.push(await prepareArm(arm, revisionOf(arm), context, workspace));
    } catch (error) {
      if (!(error instanceof TailgateError) || error.code !== "service") throw error;
      failures.push({ arm: arm.name, error });
    }
  }
  return { arms, failures };
}
