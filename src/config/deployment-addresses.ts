import { TailgateError } from "../error.js";
import type { ArmPlan, Plan } from "../model/plan.js";
import { fillVariables } from "../text/job-variables.js";

/**
 * The plan with the addresses of its deployments, `${NAME}` filled in and each checked.
 *
 * @throws TailgateError "config" for what is no origin, a host that is not allowed, and one deployment under two names
 */
export function withAddresses(plan: Plan, values: ReadonlyMap<string, string>): Plan {
  if (plan.deployments === undefined) return plan;
  const { allowedHosts } = plan.deployments;
  const named = new Map<string, string>();
  const arms = plan.arms.map((arm): ArmPlan => {
    const { deployment } = arm.service;
    if (deployment === undefined) return arm;
    const url = originOf(fillVariables(deployment.url, values), arm.name);
    requireAllowed(url, arm.name, allowedHosts);
    const other = named.get(url.origin);
    if (other !== undefined) throw oneDeployment(other, arm.name, url);
    named.set(url.origin, arm.name);
    return {
      ...arm,
      service: {
        ...arm.service,
        deployment: { ...deployment, url: url.origin },
        ...(url.protocol === "https:" ? { tls: true } : {}),
      },
    };
  });
  return { ...plan, arms };
}

/** What is wrong is told without the address: it may hold what nobody should read. */
function originOf(text: string, arm: string): URL {
  const refused = (what: string): TailgateError =>
    new TailgateError(
      "config",
      `\`arms.${arm}.url\` ${what}.`,
      "Write where the service runs, such as `https://shop.example.com`; paths belong to the scenarios, and secrets into headers.",
    );
  if (!URL.canParse(text)) throw refused("is no address");
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw refused("begins with neither https:// nor http://");
  if (url.username !== "" || url.password !== "") throw refused("has a user or a password in it");
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "")
    throw refused("has more than a host and a port");
  // `shop.example.com.` is the same host, and would not match by its name.
  if (url.hostname.endsWith(".")) url.hostname = url.hostname.replace(/\.+$/, "");
  return url;
}

function requireAllowed({ hostname }: URL, arm: string, allowed: readonly string[]): void {
  if (allowed.some((pattern) => isAllowed(hostname, pattern))) return;
  throw new TailgateError(
    "config",
    allowed.length === 0
      ? `\`arms.${arm}\` runs on ${hostname}, and tailgate.yml has no \`allowed-hosts\`: load is sent to no host that it does not name.`
      : `\`arms.${arm}\` runs on ${hostname}, which is not one of \`allowed-hosts\` (${allowed.join(", ")}).`,
    `Add it to the file of the base branch: \`allowed-hosts: [${hostname}]\`. For a name that changes write what stays, such as \`*.preview.example.com\`.`,
  );
}

function isAllowed(hostname: string, pattern: string): boolean {
  return pattern.startsWith("*.") ? hostname.endsWith(pattern.slice(1)) : hostname === pattern;
}

function oneDeployment(first: string, second: string, { origin }: URL): TailgateError {
  return new TailgateError(
    "config",
    `\`arms.${first}\` and \`arms.${second}\` are the same deployment (${origin}): it would be compared with itself.`,
    "Give each arm the address of a deployment of its own. Where both come from variables of the job, check that those differ.",
  );
}
