import type { ArmPlan, Plan } from "../../model/plan.js";
import { TailgateError } from "../../error.js";
import type { Revision } from "../../git/revision.js";
import { buildKey } from "../../service/build/build.js";
import { recordProgram } from "../../service/integrity/program-record.js";
import { startAlone } from "./first-start.js";
import { type PreparedArm, prepareArm, serviceOf } from "./prepare-arm.js";
import type { CodeSource } from "../read-plan.js";
import type { RunContext } from "../run-context.js";
import type { RunWorkspace } from "../run-workspace.js";

/**
 * Prepares base and lets it serve once, alone. A build from the cache that does not serve, such as a virtual environment
 * with the paths of another folder, is built anew.
 *
 * @throws as `prepareArm`, and TailgateError "service" when base does not serve
 */
export async function prepareBase(
  plan: Plan,
  arm: ArmPlan,
  revision: Revision | null,
  source: CodeSource | null,
  context: RunContext,
  workspace: RunWorkspace,
): Promise<PreparedArm> {
  const prepared = await prepareArm(plan, arm, revision, source, context, workspace);
  try {
    return await served(plan, prepared, context, workspace);
  } catch (error) {
    if (!(error instanceof TailgateError) || error.code !== "service" || !prepared.fromCache) throw error;
    context.journal.note(`${arm.name} does not serve as it came from the build cache: it is built anew.`);
    await prepared.checkout?.dispose();
    const anew = await prepareArm(plan, arm, revision, source, context, { ...workspace, cache: null });
    return served(plan, anew, context, workspace);
  }
}

/** Whole stacks share no code, and nobody else's code is built beside them: there is nothing to hold them against. */
async function served(
  { scenarios }: Plan,
  arm: PreparedArm,
  context: RunContext,
  workspace: RunWorkspace,
): Promise<PreparedArm> {
  if (arm.checkout === null) return arm;
  context.journal.step(`starting ${arm.plan.name} once, alone`);
  const { revision } = arm.checkout;
  const program = await recordProgram({
    folder: arm.folder,
    tracked: await arm.checkout.trackedFiles(),
    elsewhere:
      workspace.cache === null || revision.dirty
        ? []
        : [workspace.cache.entry(buildKey(revision.sha, serviceOf(arm.plan, context)))],
    firstStart: () => startAlone(arm, scenarios, context, workspace),
  });
  return { ...arm, program };
}
