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
 * The main job: inputs and tailgate.yml -> plan -> revisions -> blocks -> observations -> cells -> verdict -> report.
 *
 * @throws TailgateError for a plan that cannot be made or code that cannot be checked out; whatever goes wrong with
 *   the services becomes a result that says so
 */
export async function runGate(job: RunContext): Promise<GateOutcome> {
  const startedAt = new Date();
  const { plan, revisions, repositoryRoot, subfolder } = await readPlan(job);
  job.journal.begun(plan);
  const workshop = await openRunWorkspace(job, repositoryRoot);
  try {
    const prepared = await prepareArms(
      plan,
      revisions && ((arm) => (arm.role === "head" ? revisions.head : revisions.base)),
      job,
      workshop,
    );
    const { generator, placement } = await startGeneratorPlaced(plan, job, workshop);
    try {
      const { bench, usageUnavailable } = connectPorts(
        plan,
        prepared.arms,
        generator,
        placement,
        job,
        workshop,
      );
      const measured = await measureAvailableArms(plan, prepared, bench, job);
      const { arms } = prepared;
      const record = {
        job,
        plan,
        revisions,
        subfolder,
        arms,
        placement,
        usageUnavailable,
        measured,
        startedAt,
      };
      const logs = await serviceLogs(plan, job.environment, workshop);
      return await writeReports(buildResult(record), logs, job.outFolder, () => workshop.close());
    } finally {
      await generator.stop();
    }
  } finally {
    await workshop.close();
  }
}
