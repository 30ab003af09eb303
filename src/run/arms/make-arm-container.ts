import { join } from "node:path";
import type { ArmPlan } from "../../model/plan.js";
import type { ContainerPlan } from "../../model/service-plan.js";
import { composeNeedsDocker, makeProject } from "../../service/compose/make-project.js";
import type { ArmContainer } from "../../service/container/arm-container.js";
import { containersOfRun } from "../../service/container/container-run.js";
import type { EngineTool } from "../../service/container/container.js";
import { makeImage } from "../../service/container/image.js";
import { armEnvironment } from "./arm-hook.js";
import type { RunContext } from "../run-context.js";
import type { RunWorkspace } from "../run-workspace.js";

/**
 * Builds or pulls what an arm's container is started from. What a service of a compose file depends on is started.
 *
 * @returns how long the build took in milliseconds; `null` where there was nothing to do
 * @throws TailgateError "service" where there is no image, or no project
 */
export async function makeArmContainer(
  plan: ArmPlan,
  container: ContainerPlan,
  tool: EngineTool,
  folder: string,
  context: RunContext,
  workspace: RunWorkspace,
): Promise<{ readonly container: ArmContainer; readonly buildMs: number | null }> {
  const { name, service } = plan;
  const { runId } = workspace.folder;
  workspace.folder.noteContainers(containersOfRun(tool, runId));
  const options = {
    arm: name,
    checkout: folder,
    cwd: service.cwd,
    environment: context.environment,
    added: armEnvironment(plan, context.environment),
    runId,
    timeoutMs: service.buildTimeoutMs,
    signal: context.signal,
    onSpawn: workspace.folder.noteProcess,
  };
  if (container.compose !== undefined) {
    if (tool !== "docker") throw composeNeedsDocker();
    const made = await makeProject({
      ...options,
      composeFile: container.compose.file,
      composeService: container.compose.service,
      ...(container.port === undefined ? {} : { containerPort: container.port }),
      folder: join(workspace.folder.path, "compose"),
      log: (log) => workspace.log(log),
      onStep: (what) => {
        context.journal.step(`${name}: ${what}`);
      },
    });
    return { container: made.container, buildMs: rounded(made.buildMs) };
  }
  context.journal.step(
    `getting the image of ${name}: ${container.dockerfile === undefined ? container.image! : `${container.dockerfile} is built`}`,
  );
  const made = await makeImage({ ...options, tool, container, logFile: workspace.log(`image-${name}`) });
  if (made.report !== null) context.journal.output(`Image of ${name}`, made.report.logTail);
  return { container: made.container, buildMs: rounded(made.report?.durationMs ?? null) };
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}
