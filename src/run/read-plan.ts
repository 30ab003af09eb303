import { join, posix } from "node:path";
import { makePlan } from "../config/make-plan.js";
import type { ArmPlan, Plan } from "../model/plan.js";
import { openRepository } from "../git/repository.js";
import { type ResolvedRevisions, resolveRevisions } from "../git/resolve-revisions.js";
import type { Revision } from "../git/revision.js";
import type { RunContext } from "./run-context.js";
import { readSources, readWorkingFile } from "./read-config-sources.js";

/** What is measured, and the code it is measured on. */
export interface PlannedRun {
  readonly plan: Plan;
  /** `null` for whole stacks, which need no git. */
  readonly revisions: ResolvedRevisions | null;
  /** Root of the repository; `null` for whole stacks. */
  readonly repositoryRoot: string | null;
  /** Folder of the repository that Tailgate runs in; empty for its root, and for whole stacks. */
  readonly subfolder: string;
}

/**
 * Inputs and files -> plan, and which two commits are meant.
 *
 * @throws TailgateError "config" or "revision"; nothing has been started or written then
 */
export async function readPlan(context: RunContext): Promise<PlannedRun> {
  if (context.event.kind === "local") {
    const stacks = await localStacks(context);
    if (stacks !== null) return stacks;
  }

  const repository = await openRepository(context.workingDirectory);
  const revisions = await resolveRevisions({
    repository: context.workingDirectory,
    event: context.event,
    ...(context.inputs.base === null ? {} : { base: context.inputs.base }),
    ...(context.inputs.head === null ? {} : { head: context.inputs.head }),
  });
  const plan = makePlan({ inputs: context.inputs, ...(await readSources(context, repository, revisions)) });
  const { root: repositoryRoot, subfolder } = repository;
  if (plan.arms.every((arm) => arm.role === "stack")) return stackRun(plan);
  return { plan: inSubfolder(plan, subfolder), revisions, repositoryRoot, subfolder };
}

/** The code that an arm runs; `null` for whole stacks. */
export function revisionOf(
  { role }: Pick<ArmPlan, "role">,
  revisions: ResolvedRevisions | null,
): Revision | null {
  if (revisions === null) return null;
  return role === "head" ? revisions.head : revisions.base;
}

/** On a developer's machine the file as it lies there decides whether whole stacks are compared; that needs no git. */
async function localStacks(context: RunContext): Promise<PlannedRun | null> {
  const working = await readWorkingFile(context, null).catch((error: unknown) => {
    // The file that counts is read from the revisions later; what is wrong with this one may be mended there.
    if (context.inputs.config !== null) throw error;
    return null;
  });
  if (working?.content.arms === undefined) return null;
  return stackRun(makePlan({ inputs: context.inputs, headFile: working, baseFile: null }));
}

function stackRun(plan: Plan): PlannedRun {
  return { plan, revisions: null, repositoryRoot: null, subfolder: "" };
}

/** In a monorepo, paths of the plan count from the folder that Tailgate runs in. */
function inSubfolder(plan: Plan, subfolder: string): Plan {
  if (subfolder === "") return plan;
  const arms = plan.arms.map((arm) => ({
    ...arm,
    service: { ...arm.service, cwd: posix.normalize(join(subfolder, arm.service.cwd)) },
  }));
  return { ...plan, arms };
}
