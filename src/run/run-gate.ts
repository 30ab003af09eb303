import type { RunContext } from "./run-context.js";
import { measureAvailableArms } from "./measure-available-arms.js";
import { prepareArms } from "./prepare-arms.js";
import { readPlan } from "./read-plan.js";
import { connectPorts } from "./connect-ports.js";
import { buildResult } from "./build-result.js";
import { serviceLogs } from "./service-logs.js";
import { startGeneratorPlaced } from "./start-generator.js";
import { openRunWorkspace } from "./run-workspace.js";
import { type GateOutcome, writeReports } from "./write-reports.js";

export type { GateOutcome };

/**
 * The main line: inputs and tailgate.yml -> plan -> revisions -> blocks -> observations -> cells -> verdict -> report.
 *
 * @throws TailgateError for a plan that cannot be made or code that cannot be checked out; whatever goes wrong with
 *   the services becomes a result that says so
 */
export async function runGate(context: RunContext): Promise<GateOutcome> {
  const startedAt = new Date();
  const { plan, revisions, repositoryRoot, subfolder } = await readPlan(context);
  context.journal.begun(plan);
  const workspace = await openRunWorkspace(context, repositoryRoot);
  try {
    const prepared = await prepareArms(
      plan,
      revisions && ((arm) => (arm.role === "head" ? revisions.head : revisions.base)),
      context,
      workspace,
    );
    const { generator, placement } = await startGeneratorPlaced(plan, context, workspace);
    try {
      const { ports, usageUnavailable } = connectPorts(
        plan,
        prepared.arms,
        generator,
        placement,
        context,
        workspace,
      );
      const measured = await measureAvailableArms(plan, prepared, ports, context);
      const { arms } = prepared;
      const record = {
        context,
        plan,
        revisions,
        subfolder,
        arms,
        placement,
        usageUnavailable,
        measured,
        startedAt,
      };
      const logs = await serviceLogs(plan, context.environment, workspace);
      return await writeReports(buildResult(record), logs, context.outFolder, () => workspace.close());
    } finally {
      await generator.stop();
    }
  } finally {
    await workspace.close();
  }
}
