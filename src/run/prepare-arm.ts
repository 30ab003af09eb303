import type { ArmPlan } from "../model/plan.js";
import { checkout } from "../git/checkout.js";
import type { Checkout, Revision } from "../git/revision.js";
import type { TrackedFilesSnapshot } from "../git/tracked-files.js";
import { build } from "../service/build/build.js";
import { armEnvironment, runArmHook } from "./arm-hook.js";
import type { RunContext } from "./run-context.js";
import type { RunWorkspace } from "./run-workspace.js";

/** An arm that is built and set up. */
export interface PreparedArm {
  readonly plan: ArmPlan;
  /** Absolute: the checkout, or the user's own folder for whole stacks. */
  readonly folder: string;
  /** `null` where nothing was built, or the build came from the cache. */
  readonly buildMs: number | null;
  /** The tracked files as build and setup left them; `null` for whole stacks. */
  readonly trackedFiles: TrackedFilesSnapshot | null;
}

/**
 * Check out, build, set up, remember the tracked files.
 *
 * @param revision - `null` for a whole stack, which is measured where it lies
 * @throws TailgateError "revision" when the code cannot be checked out, "service" when it cannot be built or set up
 */
export async function prepareArm(
  plan: ArmPlan,
  revision: Revision | null,
  context: RunContext,
  workspace: RunWorkspace,
): Promise<PreparedArm> {
  const own = revision === null ? null : await checkOut(plan, revision, context, workspace);
  const folder = own?.path ?? context.workingDirectory;
  const buildMs = await buildArm(plan, revision, folder, context, workspace);
  if (plan.service.setup !== null) {
    context.journal.step(`setting up ${plan.name}: ${plan.service.setup}`);
    await runArmHook("setup", plan.service.setup, { plan, folder }, context, workspace);
  }
  // Build and setup may change tracked files. Nothing may change them later.
  const trackedFiles = (await own?.snapshotTrackedFiles()) ?? null;
  return { plan, folder, buildMs, trackedFiles };
}

async function checkOut(
  plan: ArmPlan,
  revision: Revision,
  context: RunContext,
  workspace: RunWorkspace,
): Promise<Checkout> {
  const made = await checkout(context.workingDirectory, revision, {
    folder: workspace.folder.worktree(plan.name),
  });
  workspace.checkouts.push(made);
  return made;
}

/**
 * Builds an arm.
 *
 * @returns milliseconds; `null` where there was nothing to build, or the build came from the cache
 */
async function buildArm(
  plan: ArmPlan,
  revision: Revision | null,
  folder: string,
  context: RunContext,
  workspace: RunWorkspace,
): Promise<number | null> {
  if (plan.service.build === null) return null;
  context.journal.step(`building ${plan.name}: ${plan.service.build}`);
  const report = await build({
    arm: plan.name,
    service: { ...plan.service, env: armEnvironment(plan) },
    checkout: folder,
    commit: revision === null || revision.dirty ? null : revision.sha,
    environment: context.environment,
    runId: workspace.folder.runId,
    logFile: workspace.log(`build-${plan.name}`),
    // Only base is cached: what a pull request built must never be started as somebody's base.
    cache: plan.role === "base" ? workspace.cache : null,
    signal: context.signal,
    onSpawn: workspace.folder.noteProcess,
  });
  switch (report.kind) {
    case "nothing-to-build":
      return null;
    case "from-cache":
      context.journal.note(`The build of ${plan.name} was taken from the cache.`);
      return null;
    case "built":
      context.journal.output(`Build of ${plan.name}`, report.hook.logTail);
      return Math.round(report.hook.durationMs);
  }
}
