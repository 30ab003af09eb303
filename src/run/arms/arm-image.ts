import type { ArmPlan } from "../../model/plan.js";
import { containersOfRun } from "../../service/container/container-run.js";
import { findEngine } from "../../service/container/engine.js";
import { makeImage } from "../../service/container/image.js";
import { armEnvironment } from "./arm-hook.js";
import type { RunContext } from "../run-context.js";
import type { RunWorkspace } from "../run-workspace.js";

/**
 * Builds or pulls the image of an arm that runs in a container.
 *
 * @returns how long that took in milliseconds; `null` where there was nothing to do
 * @throws TailgateError "service" where there is no engine, or no image
 */
export async function makeArmImage(
  plan: ArmPlan,
  folder: string,
  context: RunContext,
  workspace: RunWorkspace,
): Promise<number | null> {
  const { name, service } = plan;
  const { container } = service;
  if (container === undefined) return null;
  const tool = await findEngine(context.environment);
  const { runId } = workspace.folder;
  workspace.folder.noteContainers(containersOfRun(tool, runId));
  context.journal.step(
    `getting the image of ${name}: ${container.dockerfile === undefined ? container.image! : `${container.dockerfile} is built`}`,
  );
  const report = await makeImage({
    tool,
    container,
    arm: name,
    checkout: folder,
    cwd: service.cwd,
    environment: context.environment,
    added: armEnvironment(plan, context.environment),
    runId,
    logFile: workspace.log(`image-${name}`),
    timeoutMs: service.buildTimeoutMs,
    signal: context.signal,
    onSpawn: workspace.folder.noteProcess,
  });
  if (report === null) return null;
  context.journal.output(`Image of ${name}`, report.logTail);
  return Math.round(report.durationMs);
}
