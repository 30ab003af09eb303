import { join } from "node:path";
import type { ScenarioPlan } from "../../model/scenario-plan.js";
import { stampsOf } from "../../service/integrity/loaded-files.js";
import type { LoadedProgram } from "../../service/integrity/loaded-program.js";
import { traceRuntime, type RuntimeTrace } from "../../service/integrity/runtime-trace.js";
import { launch } from "../../service/lifecycle/launch.js";
import type { RunningService } from "../../service/lifecycle/running-service.js";
import { TailgateError } from "../../error.js";
import { armEnvironment, type ArmInPlace, runArmHook } from "./arm-hook.js";
import { filledReady, filledRequest } from "../job-variables.js";
import type { RunContext } from "../run-context.js";
import type { RunWorkspace } from "../run-workspace.js";
import { sendOnce } from "./send-once.js";

/**
 * Starts an arm alone, sends it the first request of every scenario, and stops it.
 *
 * @returns what its processes had loaded by then, as far as the kernel and its runtime tell
 * @throws TailgateError "service" when it does not get ready
 */
export async function startAlone(
  arm: ArmInPlace,
  scenarios: readonly ScenarioPlan[],
  context: RunContext,
  workspace: RunWorkspace,
): Promise<LoadedProgram> {
  if (arm.plan.service.reset !== null) {
    await runArmHook("reset", arm.plan.service.reset, arm, context, workspace);
  }
  const own = { ...context.environment, ...armEnvironment(arm.plan, context.environment) };
  const trace = traceRuntime(join(workspace.folder.path, "first-start"), own);
  const { service, told } = await startTraced(arm, trace, context, workspace);
  try {
    for (const { requests, newInHead, load } of scenarios) {
      const [first] = requests;
      if (newInHead || first === undefined) continue;
      const filled = filledRequest(first, context.environment);
      await sendOnce(service, filled, load.protocol ?? "http1", workspace.files.paths);
    }
    const { files, images } = await service.program();
    return { files: new Map([...files, ...stampsOf(told())]), images };
  } finally {
    await service.stop();
  }
}

/** Where our few lines stand in the way of a service, it is started without them. */
async function startTraced(
  arm: ArmInPlace,
  trace: RuntimeTrace,
  context: RunContext,
  workspace: RunWorkspace,
): Promise<{ readonly service: RunningService; readonly told: RuntimeTrace["told"] }> {
  const start = (added: Readonly<Record<string, string>>): Promise<RunningService> =>
    launch({
      arm: arm.plan.name,
      service: {
        ...filledReady(arm.plan.service, context.environment),
        env: { ...armEnvironment(arm.plan, context.environment), ...added },
      },
      container: arm.container,
      checkout: arm.folder,
      environment: context.environment,
      logFile: workspace.log(`service-${arm.plan.name}`),
      socketFolder: workspace.folder.path,
      processors: null,
      runId: workspace.folder.runId,
      readyStatus: [],
      signal: context.signal,
      onSpawn: workspace.folder.noteProcess,
      onContainers: workspace.folder.noteContainers,
    });
  // What the lines are read from lies outside of a container.
  if (arm.container !== null) return { service: await start({}), told: () => [] };
  try {
    return { service: await start(trace.variables), told: trace.told };
  } catch (error) {
    if (!(error instanceof TailgateError) || context.signal.aborted) throw error;
    return { service: await start({}), told: () => [] };
  }
}
