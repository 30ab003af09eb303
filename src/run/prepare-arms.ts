import type { ArmPlan, Plan } from "../model/plan.js";
import { TailgateError } from "../error.js";
import type { ArmFailure } from "../experiment/launches.js";
import { checkout } from "../git/checkout.js";
import type { Checkout, Revision } from "../git/revision.js";
import { build } from "../service/build/build.js";
import { type HookReport, runHook } from "../service/build/hook.js";
import type { RunContext } from "./run-context.js";
import type { RunWorkspace } from "./run-workspace.js";

/** An arm whose code stands in a folder, built. */
export interface PreparedArm {
  readonly plan: ArmPlan;
  readonly revision: Revision | null;
  /** Absolute: the checkout, or the user's own folder for whole stacks. */
  readonly folder: string;
  /** `null` for whole stacks: their folder is the user's own. */
  readonly checkout: Checkout | null;
  readonly buildMs: number | null;
}

export interface PreparedArms {
  readonly arms: readonly PreparedArm[];
  /** Arms that did not build, or whose setup failed. */
  readonly failures: readonly ArmFailure[];
}

/** Which code an arm is. */
export type RevisionOf = (arm: ArmPlan) => Revision;

/**
 * Checks every arm's code out and builds it: base first, since head's build may do anything. Arms of the same revision
 * share a checkout.
 *
 * @param revisionOf - `null` for whole stacks, which are measured where they lie
 * @throws TailgateError "revision" when code cannot be checked out
 */
export async function prepareArms(
  plan: Plan,
  revisionOf: RevisionOf | null,
  context: RunContext,
  workspace: RunWorkspace,
): Promise<PreparedArms> {
  const arms: PreparedArm[] = [];
  const failures: ArmFailure[] = [];
  for (const arm of plan.arms) {
    const shared = arms.find((other) => other.plan.role === "base" && arm.role === "control");
    if (shared) {
      arms.push({ ...shared, plan: arm });
      continue;
    }
    if (arm.role === "control") continue; // Base failed; its copy would as well.
    try {
      arms.push(await prepareArm(arm, revisionOf, context, workspace));
    } catch (error) {
      if (!(error instanceof TailgateError) || error.code !== "service") throw error;
      failures.push({ arm: arm.name, error });
    }
  }
  return { arms, failures };
}

async function prepareArm(
  arm: ArmPlan,
  revisionOf: RevisionOf | null,
  context: RunContext,
  workspace: RunWorkspace,
): Promise<PreparedArm> {
  const own: PreparedArm =
    revisionOf === null
      ? { plan: arm, revision: null, folder: context.workingDirectory, checkout: null, buildMs: null }
      : await checkedOut(arm, revisionOf(arm), context, workspace);

  let buildMs: number | null = null;
  if (arm.service.build !== null) {
    context.journal.step(`building ${arm.name}: ${arm.service.build}`);
    buildMs = await buildArm(own, context, workspace);
  }
  if (arm.service.setup !== null) {
    context.journal.step(`setting up ${arm.name}: ${arm.service.setup}`);
    await runArmHook("setup", arm.service.setup, own, context, workspace);
  }
  // What build and setup wrote into tracked files is how the arm is meant to be; anything later is not.
  await own.checkout?.snapshotTrackedFiles();
  return { ...own, buildMs };
}

/**
 * Builds an arm, and gives how long that took; `null` where it came from the cache. Only base is cached: what a pull
 * request built must never be started as somebody's base.
 */
async function buildArm(
  arm: PreparedArm,
  context: RunContext,
  workspace: RunWorkspace,
): Promise<number | null> {
  const { plan, checkout: tree } = arm;
  const report =
    tree === null
      ? {
          kind: "built" as const,
          hook: await runArmHook("build", plan.service.build!, arm, context, workspace),
        }
      : await build({
          arm: plan.name,
          service: { ...plan.service, env: armEnvironment(plan) },
          checkout: tree,
          environment: context.environment,
          runId: workspace.folder.runId,
          logFile: workspace.log(`build-${plan.name}`),
          cache: plan.role === "base" ? workspace.cache : null,
          signal: context.signal,
          onSpawn: workspace.folder.noteProcess,
        });
  if (report.kind === "from-cache")
    context.journal.note(`The build of ${plan.name} was taken from the cache.`);
  if (report.kind !== "built") return null;
  context.journal.output(`Build of ${plan.name}`, report.hook.logTail);
  return Math.round(report.hook.durationMs);
}

/** Runs a hook of an arm in its own code, with its own environment. */
export function runArmHook(
  kind: "build" | "setup" | "reset",
  command: string,
  { plan, folder }: PreparedArm,
  context: RunContext,
  workspace: RunWorkspace,
): Promise<HookReport> {
  return runHook({
    kind,
    command,
    arm: plan.name,
    checkout: folder,
    cwd: plan.service.cwd,
    environment: context.environment,
    added: armEnvironment(plan),
    runId: workspace.folder.runId,
    logFile: workspace.log(`${kind}-${plan.name}`),
    timeoutMs: plan.service.buildTimeoutMs,
    signal: context.signal,
    onSpawn: workspace.folder.noteProcess,
  });
}

/** `service.env`, and the arm's name: so that arms can keep apart what they write outside of their folders. */
export function armEnvironment(arm: ArmPlan): Record<string, string> {
  return { TAILGATE_ARM: arm.name, ...arm.service.env };
}

async function checkedOut(
  arm: ArmPlan,
  revision: Revision,
  context: RunContext,
  workspace: RunWorkspace,
): Promise<PreparedArm> {
  const tree = await checkout(context.workingDirectory, revision, {
    folder: workspace.folder.worktree(arm.name),
  });
  workspace.checkouts.push(tree);
  return { plan: arm, revision, folder: tree.path, checkout: tree, buildMs: null };
}
