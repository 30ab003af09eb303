import type { Plan } from "./plan.js";

/**
 * Whether a comparison is of two deployments alone, each as it was made once: another deployment of the same code might
 * be quicker or slower. A control, or deploying anew before each block, shows by how much.
 */
export function isOfTheseDeployments({ arms, deployments }: Pick<Plan, "arms" | "deployments">): boolean {
  if (deployments === undefined || arms.some(({ role }) => role === "control")) return false;
  return arms.some(({ service }) => service.deployment?.redeploy === undefined);
}
