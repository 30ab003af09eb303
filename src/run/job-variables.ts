import { withAddresses } from "../config/deployment-addresses.js";
import { TailgateError } from "../error.js";
import { variablesOf, withJobVariables } from "../load/requests/job-variables.js";
import type { Plan } from "../model/plan.js";
import type { RequestPlan } from "../model/scenario-plan.js";
import type { ServicePlan } from "../model/service-plan.js";
import { belongsToRunner } from "../service/process/child-environment.js";
import { fillVariables, variablesIn } from "../text/job-variables.js";
import type { RunContext } from "./run-context.js";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A name like this is a secret's, so that its value is masked wherever the job's secrets are, and no process of ours gets
 * it: what begins so is taken out of their environment.
 */
const PREFIX = "TAILGATE_SECRET_";

/**
 * The context with the values of the job's environment that the plan names as `${NAME}`, in headers, bodies and
 * variables.
 *
 * @throws TailgateError "config" for names without a value, those that belong to the runner, and any for a fork
 */
export function readJobVariables(context: RunContext, plan: Plan): RunContext {
  const requests = [...plan.scenarios.flatMap((one) => one.requests), ...(plan.login?.requests ?? [])];
  const inServices = plan.arms.flatMap(({ service: { env, ready } }) =>
    [...Object.values(env), ...Object.values(ready.headers ?? {})].flatMap(variablesIn),
  );
  const names = [...new Set([...requests.flatMap(variablesOf), ...inServices])];
  if (names.length === 0) return context;
  const { event, environment } = context;
  if (event.kind === "pull_request" && event.fromFork === true) {
    throw new TailgateError(
      "config",
      `The configuration names ${listed(names)}, which is never read for a pull request from a fork: its code could print it.`,
      "Let scenarios that forks may measure do without, or use a value that need not be secret, written into tailgate.yml.",
    );
  }
  const read = [...valuesOf(names, environment)].map(([name, value]) => [`${PREFIX}${name}`, value] as const);
  return { ...context, environment: { ...environment, ...Object.fromEntries(read) } };
}

/**
 * The plan with the addresses of its deployments. An address is no secret: it stands in reports, and a preview of a fork
 * has one too.
 *
 * @throws TailgateError "config" for names without a value, and for addresses that are refused
 */
export function withDeployments(plan: Plan, environment: Environment): Plan {
  const names = plan.arms.flatMap(({ service }) => variablesIn(service.deployment?.url ?? ""));
  return withAddresses(plan, valuesOf([...new Set(names)], environment));
}

/** @throws TailgateError "config" for names without a value, and those that belong to the runner */
function valuesOf(names: readonly string[], environment: Environment): Map<string, string> {
  const runners = names.filter(belongsToRunner);
  if (runners.length > 0) {
    throw new TailgateError(
      "config",
      `The configuration names ${listed(runners)}, which belongs to the runner and is not handed on.`,
      "Give the job a variable of another name, with a token that only the service under test knows.",
    );
  }
  const missing = names.filter((name) => (environment[name] ?? "") === "");
  if (missing.length > 0) {
    throw new TailgateError(
      "config",
      `The configuration names ${listed(missing)}, which the job's environment does not have.`,
      "Set it where Tailgate runs, such as `env: { TOKEN: ... }` of the workflow's step. For `${` as text write `$${`.",
    );
  }
  return new Map(names.map((name) => [name, environment[name]!]));
}

/** A text with the values that were read. */
export function filledText(text: string, environment: Environment): string {
  return fillVariables(text, valuesIn(environment));
}

/** A request with the values that were read. */
export function filledRequest(request: RequestPlan, environment: Environment): RequestPlan {
  return withJobVariables(request, valuesIn(environment));
}

/** A service whose question for readiness has the values that were read. */
export function filledReady(service: ServicePlan, environment: Environment): ServicePlan {
  const { headers } = service.ready;
  if (headers === undefined) return service;
  const filled = Object.entries(headers).map(
    ([name, text]) => [name, filledText(text, environment)] as const,
  );
  return { ...service, ready: { ...service.ready, headers: Object.fromEntries(filled) } };
}

function valuesIn(environment: Environment): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(environment).flatMap(([name, value]) =>
      name.startsWith(PREFIX) && value !== undefined ? [[name.slice(PREFIX.length), value] as const] : [],
    ),
  );
}

function listed(names: readonly string[]): string {
  return names.map((name) => `\`\${${name}}\``).join(", ");
}
