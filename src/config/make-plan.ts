import { TailgateError } from "../error.js";
import { ofEachMetric } from "../metrics/metrics.js";
import { DEFAULT_EXPERIMENT, DEFAULT_EXPLAIN, HIGHEST_MAX_RATE } from "./defaults.js";
import { differences } from "./differences.js";
import type { ConfigFile } from "./file/file.js";
import { resolveServiceGates } from "./resolve-gates.js";
import type { Inputs } from "./inputs.js";
import type { Acceptance, ArmPlan, ExplainWhen, Plan } from "../model/plan.js";
import { drawnSeed, seededRandom } from "../stats/random.js";
import type { ConfigSource } from "./file/read-file.js";
import { resolveLogin } from "./resolve-request.js";
import { onlyScenario } from "./only-scenario.js";
import { resolveScenarios } from "./resolve-scenarios.js";
import { resolveArms } from "./resolve-arms.js";
import { askedAsLoaded, resolveService } from "./resolve-service.js";

/** Everything the plan is made of. */
export interface PlanSources {
  readonly inputs: Inputs;
  /** The file as it stands in head, and in base; `null` where there is none. */
  readonly headFile: ConfigSource | null;
  readonly baseFile: ConfigSource | null;
  /** That are compared; left out for whole stacks. A seed that nobody gave follows from them. */
  readonly commits?: { readonly base: string; readonly head: string };
}

const EMPTY: ConfigFile = {};

/**
 * Inputs and files -> plan. Base's file governs gates, load and experiment, so that a pull request cannot loosen
 * its own limits unseen; head's file governs its own service, scenarios that base does not have, and `accept`.
 *
 * @throws TailgateError "config" when there is nothing to start, or the parts contradict one another
 */
export function makePlan({ inputs, headFile, baseFile, commits }: PlanSources): Plan {
  const head = headFile?.content ?? EMPTY;
  const base = baseFile?.content ?? head;
  const notes = baseFile && headFile ? differences(baseFile, headFile) : [];
  // A pull request that adds `arms` would leave base, and with it every limit: only the governing file may.
  if (base.arms !== undefined) {
    refuseBesideArms(inputs);
    return { ...stackPlan(inputs, base), notes };
  }

  const baseService = resolveService(base.service ?? {}, inputs, "base");
  const headService = resolveService(head.service ?? base.service ?? {}, inputs, "head");
  const arms: ArmPlan[] = [
    { name: "base", role: "base", service: baseService },
    { name: "head", role: "head", service: headService },
  ];
  const report = resolveReport(base, inputs);
  const experiment = resolveExperiment(base, inputs, seedOfCommits(commits, report.key));
  if (experiment.control) arms.push({ name: "control", role: "control", service: baseService });

  const scenarios = onlyScenario(resolveScenarios(base, head, inputs.path), inputs.scenario);
  return {
    arms: askedAsLoaded(arms, scenarios),
    baseline: "base",
    scenarios,
    ...loginOf(base),
    ...resolveServiceGates(base.gates),
    accept: acceptances(head),
    experiment,
    explain: resolveExplain(base, inputs),
    report,
    ...(base.history === true ? { history: true } : {}),
    notes,
  };
}

/** Whole services have no commits, and a command for all of them would start one service under every name. */
function refuseBesideArms(inputs: Inputs): void {
  const given = (["base", "head", "build", "start"] as const).filter((key) => inputs[key] !== null);
  if (given.length === 0) return;
  const named = given.map((key) => `\`${key}\``).join(", ");
  throw new TailgateError(
    "config",
    `tailgate.yml compares \`arms\`, and ${named} ${given.length === 1 ? "is" : "are"} given beside it (as an input or a flag), which would count for no single arm.`,
    "Leave it out and write `start` and `build` into each arm; to compare two commits instead, remove `arms`.",
  );
}

/** Whole services by name, compared with one of them; no revisions are involved. */
function stackPlan(inputs: Inputs, file: ConfigFile): Plan {
  const named = resolveArms(file, inputs);
  // Stacks differ by design: nothing is gated unless the file asks for it.
  const areStacks = named.arms.every(({ role }) => role === "stack");
  const gates = file.gates ?? (areStacks ? ofEachMetric(() => "off" as const) : undefined);
  const gated: ConfigFile = gates === undefined ? file : { ...file, gates };
  const scenarios = onlyScenario(resolveScenarios(gated, gated, inputs.path), inputs.scenario);
  if (named.deployments !== undefined) requireWithin(named.deployments.maxRatePerSecond, scenarios);
  return {
    ...named,
    arms: askedAsLoaded(named.arms, scenarios),
    scenarios,
    ...loginOf(gated),
    ...resolveServiceGates(gated.gates),
    accept: acceptances(file),
    experiment: resolveExperiment(file, inputs),
    // Nothing can look into a service that runs elsewhere.
    explain: named.deployments === undefined ? resolveExplain(file, inputs) : "never",
    report: resolveReport(file, inputs),
    notes: [],
  };
}

/** @throws TailgateError "config" for a fixed rate above the most that a service elsewhere may be sent */
function requireWithin(maxRatePerSecond: number, scenarios: Plan["scenarios"]): void {
  for (const { name, load } of scenarios) {
    if (load.rate === "auto" || load.rate <= maxRatePerSecond) continue;
    throw new TailgateError(
      "config",
      `\`${name}\` is to be sent ${load.rate} requests/s, and \`max-rate\` allows ${maxRatePerSecond} to a service that runs elsewhere.`,
      `Lower \`rate\`, or raise \`max-rate\` (up to ${HIGHEST_MAX_RATE}) if whoever runs the service agrees.`,
    );
  }
}

/**
 * Another seed for each pull request and each service of one: two runs that began together on one machine, with the same
 * orders, could hit the same arm of each other all the way.
 *
 * @param key - tells the services of one pull request apart
 */
function seedOfCommits(commits: PlanSources["commits"], key: string): number {
  if (commits === undefined) return DEFAULT_EXPERIMENT.seed;
  return drawnSeed(seededRandom(DEFAULT_EXPERIMENT.seed, `${commits.base} ${commits.head} ${key}`));
}

function resolveExperiment(
  file: ConfigFile,
  inputs: Inputs,
  otherwise = DEFAULT_EXPERIMENT.seed,
): Plan["experiment"] {
  const section = file.experiment ?? {};
  return {
    budgetMs: inputs.budgetMs ?? section.budget ?? DEFAULT_EXPERIMENT.budgetMs,
    alpha: section.alpha ?? DEFAULT_EXPERIMENT.alpha,
    seed: inputs.seed ?? section.seed ?? otherwise,
    control: section.control ?? DEFAULT_EXPERIMENT.control,
    strict: section.strict ?? DEFAULT_EXPERIMENT.strict,
  };
}

function resolveExplain(file: ConfigFile, inputs: Inputs): ExplainWhen {
  return inputs.explain ?? file.explain ?? DEFAULT_EXPLAIN;
}

const DEFAULT_KEY = "default";
const LONGEST_KEY = 64;

function resolveReport(file: ConfigFile, inputs: Inputs): Plan["report"] {
  return {
    comment: inputs.comment ?? file.report?.comment ?? "always",
    key: inputs.commentKey ?? keyOfLeg(file.report?.key ?? DEFAULT_KEY, inputs.leg),
  };
}

/** A suite's key with the leg of a job matrix behind it. */
function keyOfLeg(key: string, leg: string | null): string {
  return leg === null ? key : `${key.slice(0, LONGEST_KEY - 1 - leg.length)}.${leg}`;
}

function loginOf({ login, load }: ConfigFile): Pick<Plan, "login"> {
  return login === undefined ? {} : { login: resolveLogin(login, load?.protocol) };
}

function acceptances(file: ConfigFile): Acceptance[] {
  return (file.accept ?? []).map(({ scenario, ...rest }) => ({ ...rest, scenario: scenario ?? null }));
}
