import { cpus, release, totalmem, type } from "node:os";
import type { ArmPlan, Plan } from "../model/plan.js";
import type { ExperimentPorts } from "../experiment/experiment-ports.js";
import { pilot } from "../experiment/pilot/pilot.js";
import { prepareArms } from "../run/arms/prepare-arms.js";
import { readJobVariables } from "../run/job-variables.js";
import { type CodeSource, readPlan } from "../run/read-plan.js";
import { connectPorts } from "../run/connect-ports.js";
import { planWithoutSecrets } from "../service/log/redact.js";
import { openRunWorkspace, type RunWorkspace } from "../run/run-workspace.js";
import { resolveRevisions } from "../git/resolve-revisions.js";
import type { Revision } from "../git/revision.js";
import type { CalibrationTask } from "./calibration-task.js";
import { readRecorded } from "./calibration-store.js";
import { copyNames, judgedPlan, judgedSchedule, measuredPlan } from "./arms.js";
import { measureBlocks, missingBlocks } from "./measure-blocks.js";
import { type CalibrationRecord, RECORD_SCHEMA, type Recorded } from "./record.js";
import { requireSame } from "./require-same.js";

/**
 * Commit -> copies -> pilot -> blocks, each stored as it ends -> what they say is left to `calibrationOf`. Goes on where
 * an earlier sitting stopped.
 *
 * @throws TailgateError when the services cannot be built, started or measured; finished blocks stay stored
 */
export async function runCalibration(task: CalibrationTask): Promise<Recorded> {
  const { context } = task;
  const workspace = await openRunWorkspace(context);
  try {
    return await calibrate(task, workspace);
  } finally {
    await workspace.close();
  }
}

async function calibrate(task: CalibrationTask, workspace: RunWorkspace): Promise<Recorded> {
  const { store } = task;
  const planned = await readPlan(task.context, workspace);
  const context = readJobVariables(task.context, planned.plan);
  const plan = judgedPlan(planned.plan);
  const revisions = await revisionsOf(task, planned.source!);
  const copies = copyNames(task.copies);
  const wanted = {
    commit: named(revisions.base),
    copies,
    changes: revisions.changes.map(({ name, revision }) => ({ name, commit: named(revision) })),
    plan: planWithoutSecrets(plan),
  };
  const before = await earlier(wanted, task);
  if (before !== null && missingBlocks(task.runs, before) === 0) return before;

  const measured = measuredPlan(
    plan,
    copies,
    wanted.changes.map(({ name }) => name),
  );
  context.journal.begun(measured);
  await workspace.beginResults();
  const revisionOf = (arm: ArmPlan): Revision =>
    revisions.changes.find(({ name }) => name === arm.name)?.revision ?? revisions.base;
  const { arms, failures, refusal } = await prepareArms(
    measured,
    revisionOf,
    planned.source,
    context,
    workspace,
  );
  if (refusal !== null) throw refusal;
  if (failures.length > 0) throw failures[0]!.error;
  const { experiment, close } = await connectPorts(measured, arms, context, workspace);
  try {
    const session = { startedAt: new Date().toISOString(), machine: describeMachine() };
    const record: CalibrationRecord =
      before === null
        ? {
            schema: RECORD_SCHEMA,
            ...wanted,
            schedule: await fixSchedule(measured.arms, experiment, task, plan),
            sessions: [session],
          }
        : { ...before.record, sessions: [...before.record.sessions, session] };
    await store.records.append(record);
    return {
      record,
      blocks: await measureBlocks(record, before?.blocks ?? [], measured, experiment, task),
    };
  } finally {
    await close();
  }
}

/** What earlier sittings measured, to be judged by the limits of now. */
async function earlier(
  wanted: Pick<CalibrationRecord, "commit" | "copies" | "changes" | "plan">,
  { context, store }: CalibrationTask,
): Promise<Recorded | null> {
  const found = await readRecorded(store);
  if (found === null) return null;
  requireSame(found.record, wanted, context.outFolder);
  const record = { ...found.record, plan: wanted.plan };
  await store.records.append(record);
  return { ...found, record };
}

/** The schedule that a run of base against head would have: its pilot knows only two arms. */
async function fixSchedule(
  arms: readonly ArmPlan[],
  ports: ExperimentPorts,
  { context }: CalibrationTask,
  plan: Plan,
): Promise<CalibrationRecord["schedule"]> {
  context.journal.step("finding the rate");
  const [base, head] = [arms[0]!, { ...arms[1]!, role: "head" as const }];
  const found = await pilot({ ...plan, arms: [base, head], baseline: base.name }, [base, head], ports);
  if (found.kind === "arms-failed") throw found.failures[0]!.error;
  for (const note of found.notes) context.journal.note(note);
  return judgedSchedule(found.schedule, [base.name, head.name], plan.experiment.budgetMs);
}

async function revisionsOf(
  { context, changes }: CalibrationTask,
  source: CodeSource,
): Promise<{
  readonly base: Revision;
  readonly changes: readonly { readonly name: string; readonly revision: Revision }[];
}> {
  const resolve = async (head: string): Promise<{ base: Revision; head: Revision }> =>
    resolveRevisions({
      ...source,
      event: context.event,
      base: context.inputs.base!,
      head,
    });
  const { base } = await resolve(context.inputs.base!);
  const resolved = [];
  for (const { name, ref } of changes) resolved.push({ name, revision: (await resolve(ref)).head });
  return { base, changes: resolved };
}

function named({ label, sha }: Revision): { readonly label: string; readonly sha: string } {
  return { label, sha };
}

function describeMachine(): string {
  const processors = cpus();
  const memoryGiB = Math.round(totalmem() / 1024 ** 3);
  return `${processors.length} x ${processors[0]?.model.trim() ?? "unknown"}, ${memoryGiB} GiB, ${type()} ${release()} ${process.arch}, Node ${process.version}`;
}
