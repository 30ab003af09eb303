import { join } from "node:path";
import type { ArmPlan, Plan } from "../../model/plan.js";
import { checkout } from "../../git/checkout.js";
import type { Checkout, Revision } from "../../git/revision.js";
import { build } from "../../service/build/build.js";
import { replaceByCopies } from "../../service/build/copies.js";
import { findEngine } from "../../service/container/engine.js";
import type { ProgramRecord } from "../../service/integrity/program-record.js";
import { armEnvironment, type ArmInPlace, runArmHook } from "./arm-hook.js";
import { makeArmContainer } from "./make-arm-container.js";
import { withEnvFile } from "./env-file.js";
import type { CodeSource } from "../read-plan.js";
import type { RunContext } from "../run-context.js";
import type { RunWorkspace } from "../run-workspace.js";

/** An arm that is built and set up. */
export interface PreparedArm extends ArmInPlace {
  /** `null` where nothing was built, or the build came from the cache. */
  readonly buildMs: number | null;
  readonly fromCache: boolean;
  readonly checkout: Checkout | null;
  /** Base as it served alone, before any other code ran; `null` for other arms, and for whole stacks. */
  readonly program: ProgramRecord | null;
}

/**
 * Check out, build, set up; and take the files that are sent.
 *
 * @param asCopies - what was built anew is replaced by copies, as base is that came from the cache
 * @param revision - `null` for a whole stack, which is measured where it lies
 * @throws TailgateError "revision" when the code cannot be checked out, "service" when it cannot be built or set up
 */
export async function prepareArm(
  whole: Plan,
  written: ArmPlan,
  revision: Revision | null,
  source: CodeSource | null,
  context: RunContext,
  workspace: RunWorkspace,
  asCopies = false,
): Promise<PreparedArm> {
  const checkout =
    revision === null || source === null ? null : await checkOut(written, revision, source, workspace);
  const folder = checkout?.path ?? context.workingDirectory;
  const plan = await withEnvFile(written, folder, context.environment);
  // A build may take minutes, and would be in vain.
  const { container: wanted } = plan.service;
  const tool = wanted === undefined ? null : await findEngine(context.environment);
  const program = await buildArm(plan, revision, folder, context, workspace);
  const made =
    wanted === undefined || tool === null
      ? null
      : await makeArmContainer(plan, wanted, tool, folder, context, workspace);
  const container = made?.container ?? null;
  const imageMs = made?.buildMs ?? null;
  const built = imageMs === null ? program : { ...program, buildMs: (program.buildMs ?? 0) + imageMs };
  if (asCopies && checkout !== null && built.buildMs !== null) await replaceByCopies(folder, [".git"]);
  await workspace.setUpOnce.run(plan.service.setupOnce, async (command) => {
    context.journal.step(`setting up once, in ${plan.name}: ${command}`);
    await runArmHook("setup-once", command, { plan, folder, container }, context, workspace);
  });
  if (plan.service.setup !== null) {
    context.journal.step(`setting up ${plan.name}: ${plan.service.setup}`);
    await runArmHook("setup", plan.service.setup, { plan, folder, container }, context, workspace);
  }
  const ownFolder = join(folder, source?.repository.subfolder ?? "");
  await workspace.files.collect(whole, plan.name, ownFolder);
  return { plan, folder, checkout, container, ...built, program: null };
}

/** The service with the variables that tell arms apart. */
export function serviceOf(plan: ArmPlan, context: RunContext): ArmPlan["service"] {
  return { ...plan.service, env: armEnvironment(plan, context.environment) };
}

function checkOut(
  plan: ArmPlan,
  revision: Revision,
  { repository, clone }: CodeSource,
  workspace: RunWorkspace,
): Promise<Checkout> {
  return checkout(repository, clone, revision, { folder: workspace.folder.checkout(plan.name) });
}

/**
 * Builds an arm.
 *
 * @returns `buildMs` is `null` where there was nothing to build, or the build came from the cache
 */
async function buildArm(
  plan: ArmPlan,
  revision: Revision | null,
  folder: string,
  context: RunContext,
  workspace: RunWorkspace,
): Promise<Pick<PreparedArm, "buildMs" | "fromCache">> {
  if (plan.service.build === null) return { buildMs: null, fromCache: false };
  context.journal.step(`building ${plan.name}: ${plan.service.build}`);
  const report = await build({
    arm: plan.name,
    service: serviceOf(plan, context),
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
      return { buildMs: null, fromCache: false };
    case "from-cache":
      context.journal.note(`The build of ${plan.name} was taken from the cache.`);
      return { buildMs: null, fromCache: true };
    case "built":
      context.journal.output(`Build of ${plan.name}`, report.hook.logTail);
      return { buildMs: Math.round(report.hook.durationMs), fromCache: false };
  }
}
