import { join } from "node:path";
import type { ArmPlan } from "../../model/plan.js";
import { type ArmContainer, composeVariables } from "../../service/container/arm-container.js";
import { withArm } from "../../service/process/child-environment.js";
import { type HookReport, runHook } from "../../service/build/hook.js";
import { filledText } from "../job-variables.js";
import type { RunContext } from "../run-context.js";
import type { RunWorkspace } from "../run-workspace.js";

/** An arm, where its code lies, and what its container is started from. */
export interface ArmInPlace {
  readonly plan: ArmPlan;
  /** Absolute: the checkout, or the user's own folder for whole stacks. */
  readonly folder: string;
  /** `null`: it runs as a process. */
  readonly container: ArmContainer | null;
}

/** Runs a hook of an arm in its own code, with its own environment. */
export function runArmHook(
  kind: "setup" | "setup-once" | "reset" | "redeploy",
  command: string,
  { plan, folder, container }: ArmInPlace,
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
    added: { ...composeVariables(container), ...armEnvironment(plan, context.environment) },
    runId: workspace.folder.runId,
    logFile: workspace.log(`${kind}-${plan.name}`),
    timeoutMs: plan.service.buildTimeoutMs,
    signal: context.signal,
    onSpawn: workspace.folder.noteProcess,
  });
}

/**
 * Variables of the job by which builds are told to write outside of their checkouts. With one value for both arms, head's
 * build would overwrite base's; each arm gets a folder of its own below.
 */
const SHARED_OUTPUTS = [
  "CARGO_TARGET_DIR",
  "GOBIN",
  "NPM_CONFIG_PREFIX",
  "PIP_TARGET",
  "PYTHONUSERBASE",
  "npm_config_prefix",
];

/**
 * `service.env`, the arm's name, and outputs that the job's environment would have the arms share, kept apart. `{arm}` in
 * a value of `service.env` is replaced, and `${NAME}` by the variable of the job.
 */
export function armEnvironment(
  arm: ArmPlan,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const apart = SHARED_OUTPUTS.flatMap((name) => {
    const shared = environment[name];
    return shared === undefined || shared === ""
      ? []
      : [[name, join(shared, `tailgate-${arm.name}`)] as const];
  });
  const own = Object.entries(arm.service.env).map(
    ([name, value]) => [name, filledText(withArm(value, arm.name), environment)] as const,
  );
  return { TAILGATE_ARM: arm.name, ...Object.fromEntries(apart), ...Object.fromEntries(own) };
}
