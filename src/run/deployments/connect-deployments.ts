import type { Plan } from "../../model/plan.js";
import type { RunningService } from "../../service/lifecycle/running-service.js";
import { runArmHook } from "../arms/arm-hook.js";
import type { PreparedArm } from "../arms/prepare-arm.js";
import { filledReady, filledRequest } from "../job-variables.js";
import type { RunContext } from "../run-context.js";
import type { RunWorkspace } from "../run-workspace.js";
import { connectDeployment } from "./connect-deployment.js";
import { greetingOf } from "./greeting-of.js";
import { watchDeployments } from "./same-deployment.js";

/** The services of a run that run elsewhere. */
interface Deployments {
  /** Deploys one anew where the plan says so, and waits until it is there; rejects as `connectDeployment` does. */
  connect(arm: PreparedArm): Promise<RunningService>;
  /** Arms that may be one deployment under two names. */
  readonly doubts: () => readonly string[];
}

export function connectDeployments(plan: Plan, context: RunContext, workspace: RunWorkspace): Deployments {
  const watch = watchDeployments();
  return {
    doubts: watch.doubts,
    connect(prepared) {
      const service = filledReady(prepared.plan.service, context.environment);
      const arm = { ...prepared.plan, service };
      const command = service.deployment?.redeploy;
      return connectDeployment({
        arm,
        greeting: greetingOf(arm, plan, (request) => filledRequest(request, context.environment)),
        redeploy:
          command === undefined ? null : () => runArmHook("redeploy", command, prepared, context, workspace),
        signal: context.signal,
        seen: watch.saw,
      });
    },
  };
}
