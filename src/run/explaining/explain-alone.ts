import { pilot } from "../../experiment/pilot/pilot.js";
import { TailgateError } from "../../error.js";
import type { Explanation } from "../../model/explanation.js";
import { prepareArms } from "../arms/prepare-arms.js";
import { connectPorts } from "../connect-ports.js";
import { readJobVariables } from "../job-variables.js";
import { readPlan, revisionOf } from "../read-plan.js";
import type { RunContext } from "../run-context.js";
import { openRunWorkspace } from "../run-workspace.js";
import { explainRun } from "./explain-run.js";

/** What of the plan is to be explained. */
export interface ExplainAlone {
  /** Whose load runs; `null`: the first that both arms know. */
  readonly scenario: string | null;
}

/**
 * Inputs and tailgate.yml -> plan -> both arms built -> pilot -> diagnosis blocks, without any verdict.
 *
 * @param connect - connects with processes, sockets and files; a test connects it with none
 * @throws TailgateError when there is nothing to compare, or the services cannot be built or started
 */
export async function explainAlone(
  given: RunContext,
  { scenario }: ExplainAlone,
  connect = connectPorts,
): Promise<Explanation> {
  const workspace = await openRunWorkspace(given);
  try {
    const { plan, revisions, source } = await readPlan(given, workspace);
    if (plan.deployments !== undefined) throw elsewhere();
    const context = readJobVariables(given, plan);
    context.journal.begun(plan);
    await workspace.beginResults();
    const prepared = await prepareArms(plan, (arm) => revisionOf(arm, revisions), source, context, workspace);
    if (prepared.refusal !== null) throw prepared.refusal;
    const [failed] = prepared.failures;
    if (failed !== undefined) throw failed.error;
    const candidate = plan.arms.find(({ name, role }) => name !== plan.baseline && role !== "control")!.name;
    const arms = prepared.arms.map((arm) => arm.plan).filter(({ role }) => role !== "control");

    const ports = await connect(plan, prepared.arms, context, workspace);
    try {
      context.journal.step("finding the rate");
      const startedMs = ports.experiment.nowMs();
      const found = await pilot(plan, arms, ports.experiment);
      if (found.kind === "arms-failed") throw found.failures[0]!.error;
      const budgetMs = plan.experiment.budgetMs - (ports.experiment.nowMs() - startedMs);
      const task = { plan, schedule: found.schedule, arms, candidate, scenario, budgetMs };
      return await explainRun(task, ports.diagnosis, context);
    } finally {
      await ports.close();
    }
  } finally {
    await workspace.close();
  }
}

function elsewhere(): TailgateError {
  return new TailgateError(
    "config",
    "The configuration compares services that run elsewhere, and nothing can look into those.",
    "Name a configuration by which the services are started here, with `--config`.",
  );
}
