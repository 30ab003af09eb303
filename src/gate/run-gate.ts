import type { Job } from "./job.js";
import { measure } from "./measure.js";
import { prepare } from "./prepare.js";
import { readPlan } from "./read-plan.js";
import { realBench } from "./real-bench.js";
import { resultOf } from "./result-of.js";
import { serviceLogs } from "./service-logs.js";
import { startPlaced } from "./start-placed.js";
import { openWorkshop } from "./workshop.js";
import { type GateOutcome, writeOutcome } from "./write-outcome.js";

export type { GateOutcome };

/**
 * The main job: inputs and tailgate.yml -> plan -> revisions -> blocks -> observations -> cells -> verdict -> report.
 *
 * @throws TailgateError for a plan that cannot be made or code that cannot be checked out; whatever goes wrong with
 *   the services becomes a result that says so
 */
export async function runGate(job: Job): Promise<GateOutcome> {
  const startedAt = new Date();
  const { plan, revisions, repositoryRoot, subfolder } = await readPlan(job);
  job.journal.begun(plan);
  const workshop = await openWorkshop(job, repositoryRoot);
  try {
    const prepared = await prepare(
      plan,
      revisions && ((arm) => (arm.role === "head" ? revisions.head : revisions.base)),
      job,
      workshop,
    );
    const { generator, placement } = await startPlaced(plan, job, workshop);
    try {
      const { bench, usageUnavailable } = realBench(plan, prepared.arms, generator, placement, job, workshop);
      const measured = await measure(plan, prepared, bench, job);
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
      return await writeOutcome(resultOf(record), logs, job.outFolder, () => workshop.close());
    } finally {
      await generator.stop();
    }
  } finally {
    await workshop.close();
  }
}
