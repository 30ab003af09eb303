import { readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import type { ArmPlan, RequestPlan, ScenarioPlan } from "../../model/plan.js";
import { fillRequest } from "../../load/requests/fill-request.js";
import { stampsOf } from "../../service/integrity/loaded-files.js";
import type { LoadedProgram } from "../../service/integrity/loaded-program.js";
import { traceRuntime, type RuntimeTrace } from "../../service/integrity/runtime-trace.js";
import { launch } from "../../service/lifecycle/launch.js";
import type { RunningService } from "../../service/lifecycle/running-service.js";
import { TailgateError } from "../../error.js";
import { armEnvironment, runArmHook } from "./arm-hook.js";
import type { RunContext } from "../run-context.js";
import type { RunWorkspace } from "../run-workspace.js";
import type { SentFiles } from "./sent-files.js";

/** A request of the first start is no measurement: one that takes longer is left. */
const LONGEST_REQUEST_MS = 10_000;

/**
 * Starts an arm alone, sends it the first request of every scenario, and stops it.
 *
 * @returns what its processes had loaded by then, as far as the kernel and its runtime tell
 * @throws TailgateError "service" when it does not get ready
 */
export async function startAlone(
  arm: { readonly plan: ArmPlan; readonly folder: string },
  scenarios: readonly ScenarioPlan[],
  context: RunContext,
  workspace: RunWorkspace,
): Promise<LoadedProgram> {
  if (arm.plan.service.reset !== null) {
    await runArmHook("reset", arm.plan.service.reset, arm, context, workspace);
  }
  const own = { ...context.environment, ...arm.plan.service.env };
  const trace = traceRuntime(join(workspace.folder.path, "first-start"), own);
  const { service, told } = await startTraced(arm, trace, context, workspace);
  try {
    for (const { requests, newInHead } of scenarios) {
      const [first] = requests;
      if (!newInHead && first !== undefined) await sendOnce(service, first, workspace.files);
    }
    const { files, images } = await service.program();
    return { files: new Map([...files, ...stampsOf(told())]), images };
  } finally {
    await service.stop();
  }
}

/** Where our few lines stand in the way of a service, it is started without them. */
async function startTraced(
  arm: { readonly plan: ArmPlan; readonly folder: string },
  trace: RuntimeTrace,
  context: RunContext,
  workspace: RunWorkspace,
): Promise<{ readonly service: RunningService; readonly told: RuntimeTrace["told"] }> {
  const start = (added: Readonly<Record<string, string>>): Promise<RunningService> =>
    launch({
      arm: arm.plan.name,
      service: { ...arm.plan.service, env: { ...armEnvironment(arm.plan, context.environment), ...added } },
      checkout: arm.folder,
      environment: context.environment,
      logFile: workspace.log(`service-${arm.plan.name}`),
      socketFolder: workspace.folder.path,
      processors: null,
      runId: workspace.folder.runId,
      readyStatus: [],
      signal: context.signal,
      onSpawn: workspace.folder.noteProcess,
    });
  try {
    return { service: await start(trace.variables), told: trace.told };
  } catch (error) {
    if (!(error instanceof TailgateError) || context.signal.aborted) throw error;
    return { service: await start({}), told: () => [] };
  }
}

/** Whatever comes back, or nothing: what counts is that the service did what it does for a request. */
function sendOnce(service: RunningService, plan: RequestPlan, { paths }: SentFiles): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      resolve();
    };
    try {
      const { method, path, headers, body } = fillRequest(plan, new Map(), (file) =>
        readFileSync(paths[file]!),
      );
      const { host, port } = service;
      const sent = request(
        { host, port, method, path, timeout: LONGEST_REQUEST_MS, agent: false },
        (response) => {
          response.on("error", done).on("close", done).resume();
        },
      );
      for (const [name, value] of headers) sent.appendHeader(name, value);
      sent.on("error", done).on("timeout", () => sent.destroy());
      sent.end(body ?? undefined);
    } catch {
      // A path or header that Node refuses to send, or a file that is missing, is the load generator's business.
      done();
    }
  });
}
