import type { DiagnosisTask } from "../diagnosis/run-diagnosis.js";
import type { Plan } from "../model/plan.js";
import type { Result } from "../model/result.js";
import type { PreparedArms } from "./arms/prepare-arms.js";
import { buildResult } from "./build-result.js";
import { connectPorts } from "./connect-ports.js";
import { explainRun } from "./explaining/explain-run.js";
import { whatToExplain } from "./explaining/what-to-explain.js";
import { measureAvailableArms, type MeasuredArms } from "./measure-available-arms.js";
import { prepareArms } from "./arms/prepare-arms.js";
import { readJobVariables } from "./job-variables.js";
import { readPlan, revisionOf } from "./read-plan.js";
import type { RunContext } from "./run-context.js";
import { openRunWorkspace } from "./run-workspace.js";
import { type GateOutcome, writeReports } from "./write-reports.js";

export type { GateOutcome };

/**
 * The whole run: inputs and tailgate.yml -> plan -> revisions -> blocks -> observations -> cells -> verdict -> report.
 *
 * @param given - what the run is asked to do
 * @param connect - connects the run with processes, sockets and files; a test connects it with none
 * @throws TailgateError for a plan that cannot be made or code that cannot be checked out; whatever goes wrong with
 *   the services becomes a result that says so
 */
export async function runGate(given: RunContext, connect = connectPorts): Promise<GateOutcome> {
  const startedAt = new Date();
  const startedMs = performance.now();
  const workspace = await openRunWorkspace(given);
  try {
    const planned = await readPlan(given, workspace);
    const { plan, revisions, source } = planned;
    const context = readJobVariables(given, plan);
    context.journal.begun(plan);
    await workspace.beginResults();
    const prepared = await prepareArms(plan, (arm) => revisionOf(arm, revisions), source, context, workspace);
    const ports = await connect(plan, prepared.arms, context, workspace);
    try {
      const measured = await measureAvailableArms(plan, prepared, ports, context);
      const durationMs = Math.round(performance.now() - startedMs);
      const result = buildResult({ context, planned, prepared, ports, measured, startedAt, durationMs });
      const write = (of: Result): Promise<GateOutcome> =>
        writeReports(of, workspace.serviceLogs(plan), context.outFolder, () => workspace.close());
      const outcome = await write(result);
      const task = taskOf(plan, result, prepared, measured);
      if (task === null) return outcome;
      // The verdict is told before anything more is started: what follows only explains it.
      context.journal.decided(outcome);
      const explanation = await explainRun(task, ports.diagnosis, context);
      return await write({ ...result, explanation }).catch((error: unknown) => {
        context.journal.note(`The explanation was not written: ${String(error)}`);
        return outcome;
      });
    } finally {
      await ports.close();
    }
  } finally {
    await workspace.close();
  }
}

/** Of what a run may take, the explanation may take as much again. */
const EXPLAINING_SHARE = 0.25;

/**
 * `null`: nothing is to be explained, or there is nothing to explain it from.
 *
 * @param plan - as it was made: that of the result has lost its secrets, which the services need
 */
function taskOf(
  plan: Plan,
  result: Result,
  { arms }: PreparedArms,
  { measurement }: MeasuredArms,
): DiagnosisTask | null {
  const wanted = whatToExplain(result);
  if (wanted === null || measurement.kind !== "measured") return null;
  const budgetMs = EXPLAINING_SHARE * plan.experiment.budgetMs;
  return { plan, schedule: measurement.schedule, arms: arms.map((arm) => arm.plan), budgetMs, ...wanted };
}
