import type { ArmPlan, Plan } from "../../model/plan.js";
import { TailgateError } from "../../error.js";
import type { ArmFailure } from "../../experiment/launches.js";
import type { Revision } from "../../git/revision.js";
import { requireSameProgram } from "./base-program.js";
import { prepareArm, type PreparedArm } from "./prepare-arm.js";
import { prepareBase } from "./prepare-base.js";
import type { CodeSource } from "../read-plan.js";
import type { RunContext } from "../run-context.js";
import type { RunWorkspace } from "../run-workspace.js";

export interface PreparedArms {
  readonly arms: readonly PreparedArm[];
  /** Arms that did not build, whose setup failed, or which did not serve alone. */
  readonly failures: readonly ArmFailure[];
  /** Why nothing may be measured: base is no longer the program that served first, or what is set up once failed. */
  readonly refusal: TailgateError | null;
  /** Where the files that are sent differ between the arms. */
  readonly notes: readonly string[];
}

/** The code that an arm runs; `null` for a whole stack, which is measured where it lies. */
export type RevisionOf = (arm: ArmPlan) => Revision | null;

/**
 * Prepares every arm. Base comes first and serves once before any other code runs, because head's build may do anything.
 * After head's build, base has to be the same program still. The control shares base's checkout.
 *
 * @param source - `null` for whole stacks
 * @throws TailgateError "revision" when code cannot be checked out
 */
export async function prepareArms(
  plan: Plan,
  revisionOf: RevisionOf,
  source: CodeSource | null,
  context: RunContext,
  workspace: RunWorkspace,
): Promise<PreparedArms> {
  const arms: PreparedArm[] = [];
  const failures: ArmFailure[] = [];
  let refusal: TailgateError | null = null;
  for (const arm of plan.arms) {
    if (arm.service.deployment !== undefined) {
      arms.push(runsElsewhere(arm, context));
      continue;
    }
    const base = arms.find((other) => other.plan.role === "base");
    if (arm.role === "control") {
      // Where base failed, its copy would fail as well.
      if (base !== undefined) arms.push({ ...base, plan: { ...arm, service: base.plan.service } });
      continue;
    }
    try {
      arms.push(
        arm.role === "base"
          ? await prepareBase(plan, arm, revisionOf(arm), source, context, workspace)
          : await prepareArm(
              plan,
              arm,
              revisionOf(arm),
              source,
              context,
              workspace,
              base?.fromCache === true,
            ),
      );
    } catch (error) {
      if (!(error instanceof TailgateError) || error.code !== "service") throw error;
      if (workspace.setUpOnce.failure !== null) {
        refusal = workspace.setUpOnce.failure;
        break;
      }
      failures.push({ arm: arm.name, error });
    }
    if (arm.role !== "base") {
      refusal ??= await requireSameProgram(base?.program ?? null, `${arm.name} was built and set up`);
    }
  }
  if (workspace.setUpOnce.failure === null) await workspace.files.complete(plan, context.workingDirectory);
  return { arms, failures, refusal, notes: workspace.files.notes };
}

/** There is nothing to prepare; a `redeploy` command runs where Tailgate does. */
function runsElsewhere(plan: ArmPlan, { workingDirectory }: RunContext): PreparedArm {
  return {
    plan,
    folder: workingDirectory,
    container: null,
    buildMs: null,
    fromCache: false,
    checkout: null,
    program: null,
  };
}
