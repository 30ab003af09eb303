import type { Target } from "../load/phase.js";
import type { Plan } from "../model/plan.js";
import type { RunningService } from "../service/lifecycle/running-service.js";
import type { ExperimentPorts } from "./experiment-ports.js";
import { loginProfile, targetOf } from "./phases.js";

/**
 * Where a service is asked, with what it gave at the plan's login.
 *
 * @throws TailgateError "load" when the login fails
 */
export async function loggedIn(
  { login, scenarios }: Pick<Plan, "login" | "scenarios">,
  service: RunningService,
  { generator, signal }: Pick<ExperimentPorts, "generator" | "signal">,
): Promise<Target> {
  const target = targetOf(service);
  if (login === undefined) return target;
  const timeoutMs = Math.max(...scenarios.map(({ load }) => load.timeoutMs));
  return { ...target, session: await generator.logIn(target, loginProfile(login, timeoutMs), signal) };
}
