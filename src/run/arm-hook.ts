import type { ArmPlan } from "../model/plan.js";
import { type HookReport, runHook } from "../service/build/hook.js";
import type { RunContext } from "./run-context.js";
import type { RunWorkspace } from "./run-workspace.js";

/** Runs an arm's setup or reset in its own code, with its own environment. */
export function runArmHook(
  kind: "setup" | "reset",
  command: string,
  { plan, folder }: { readonly plan: ArmPlan; readonly folder: string },
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

/** `service.env` and the arm's name, by which arms can keep apart what they write outside of their folders. */
export function armEnvironment(arm: ArmPlan): Record<string, string> {
  return { TAILGATE_ARM: arm.name, ...arm.service.env };
}
