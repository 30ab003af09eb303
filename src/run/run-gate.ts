import { buildResult } from "./build-result.js";
import { connectPorts } from "./connect-ports.js";
import { measureAvailableArms } from "./measure-available-arms.js";
import { prepareArms } from "./arms/prepare-arms.js";
import { readPlan, revisionOf } from "./read-plan.js";
import type { RunContext } from "./run-context.js";
import { openRunWorkspace } from "./run-workspace.js";
import { type GateOutcome, writeReports } from "./write-reports.js";

export type { GateOutcome };

/**
 * The whole run: inputs and tailgate.yml -> plan -> revisions -> blocks -> observations -> cells -> verdict -> report.
 *
 * @param connect - connects the run with processes, sockets and files; a test connects it with none
 * @throws TailgateError for a plan that cannot be made or code that cannot be checked out; whatever goes wrong with
 *   the services becomes a result that says so
 */
export async function runGate(context: RunContext, connect = connectPorts): Promise<GateOutcome> {
  const startedAt = new Date();
  const startedMs = performance.now();
  const workspace = await openRunWorkspace(context);
  try {
    const planned = await readPlan(context, workspace);
    const { plan, revisions, source } = planned;
    context.journal.begun(plan);
    await workspace.beginResults();
    const prepared = await prepareArms(plan, (arm) => revisionOf(arm, revisions), source, context, workspace);
    const ports = await connect(plan, prepared.arms, context, workspace);
    try {
      const measured = await measureAvailableArms(plan, prepared, ports, context);
      const durationMs = Math.round(performance.now() - startedMs);
      const result = buildResult({ context, planned, prepared, ports, measured, startedAt, durationMs });
      const logs = workspace.serviceLogs(plan);
      return await writeReports(result, logs, context.outFolder, () => workspace.close());
    } finally {
      await ports.close();
    }
  } finally {
    await workspace.close();
  }
}
