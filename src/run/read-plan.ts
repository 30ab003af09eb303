import { dirname, join, posix, relative, resolve } from "node:path";
import type { ConfigSource } from "../config/file/read-file.js";
import { TailgateError } from "../error.js";
import { makePlan } from "../config/make-plan.js";
import type { ArmPlan, Plan } from "../model/plan.js";
import { openRepository, type Repository } from "../git/repository.js";
import { type ResolvedRevisions, resolveRevisions } from "../git/resolve-revisions.js";
import type { Revision } from "../git/revision.js";
import { makeSharedClone, type SharedClone } from "../git/clone-of-objects.js";
import { passedAmong, readStoredHistory, readStoredLines, type StoredHistory } from "./stored-history.js";
import { withDeployments } from "./job-variables.js";
import type { RunContext } from "./run-context.js";
import type { RunWorkspace } from "./run-workspace.js";
import { readSources, readWorkingFile } from "./read-config-sources.js";

/** What is measured, and the code it is measured on. */
export interface PlannedRun {
  readonly plan: Plan;
  /** `null` for whole stacks, which need no git. */
  readonly revisions: ResolvedRevisions | null;
  /** Where the code comes from; `null` for whole stacks. */
  readonly source: CodeSource | null;
  /** Folder of the repository that Tailgate runs in; empty for its root, and for whole stacks. */
  readonly subfolder: string;
  /** What is stored of base's branch, or why it could not be read; `null` where it was not asked for. */
  readonly history: StoredHistory | string | null;
}

/** The user's repository, which is only read, and the clone of ours that everything is fetched into. */
export interface CodeSource {
  readonly repository: Repository;
  readonly clone: SharedClone;
}

/**
 * Inputs and files -> plan, and which two commits are meant.
 *
 * @throws TailgateError "config" or "revision"; nothing has been started then, and nothing is written outside of the
 *   run folder
 */
export async function readPlan(
  context: RunContext,
  workspace: Pick<RunWorkspace, "folder">,
): Promise<PlannedRun> {
  if (context.event.kind === "local") {
    const stacks = localStacks(context);
    if (stacks !== null) return stacks;
  }

  const repository = await openRepository(context.workingDirectory);
  const clone = await makeSharedClone(repository, workspace.folder.sharedClone);
  const revisions = await resolveRevisions({
    repository,
    clone,
    event: context.event,
    ...(context.inputs.base === null ? {} : { base: context.inputs.base }),
    ...(context.inputs.head === null ? {} : { head: context.inputs.head }),
    passedCommits: async () => passedAmong(await readStoredLines(repository, workspace.folder)),
  });
  const sources = await readSources(context, repository, clone, revisions);
  const commits = { base: revisions.base.sha, head: revisions.head.sha };
  const plan = makePlan({ inputs: context.inputs, ...sources, commits });
  const { subfolder } = repository;
  if (plan.arms.every((arm) => arm.role === "stack") || plan.deployments !== undefined) {
    if (plan.deployments !== undefined && sources.baseFile === null) requireOwnMachine(context);
    return stackRun(plan, context);
  }
  const history =
    plan.history === true
      ? await readStoredHistory(repository, clone, workspace.folder, revisions.base.sha)
      : null;
  return { plan: inSubfolder(plan, subfolder), revisions, source: { repository, clone }, subfolder, history };
}

/** The code that an arm runs; `null` for whole stacks. */
export function revisionOf(
  { role }: Pick<ArmPlan, "role">,
  revisions: ResolvedRevisions | null,
): Revision | null {
  if (revisions === null) return null;
  return role === "head" ? revisions.head : revisions.base;
}

/** On a developer's machine the file as it lies there decides whether whole stacks are compared; that needs no git. */
function localStacks(context: RunContext): PlannedRun | null {
  const working = readableWorkingFile(context);
  if (working?.content.arms === undefined) return null;
  const plan = makePlan({ inputs: context.inputs, headFile: working, baseFile: null });
  return stackRun(inFolderOfFile(plan, context), context);
}

/** Where a file is named, the folders of its arms count from its own; a file in .github speaks of the folder above. */
function inFolderOfFile(plan: Plan, { inputs, workingDirectory }: RunContext): Plan {
  if (inputs.config === null) return plan;
  const folder = dirname(resolve(workingDirectory, inputs.config)).replace(/\/\.github$/, "");
  return inSubfolder(plan, relative(workingDirectory, folder));
}

function readableWorkingFile(context: RunContext): ConfigSource | null {
  try {
    return readWorkingFile(context, null);
  } catch (error) {
    // The file that counts is read from the revisions later; what is wrong with this one may be mended there.
    if (context.inputs.config !== null) throw error;
    return null;
  }
}

function stackRun(plan: Plan, { environment }: RunContext): PlannedRun {
  return {
    plan: withDeployments(plan, environment),
    revisions: null,
    source: null,
    subfolder: "",
    history: null,
  };
}

/**
 * Which hosts are sent load is for base's file to say. On one's own machine one says so oneself.
 *
 * @throws TailgateError "config"
 */
function requireOwnMachine({ event }: RunContext): void {
  if (event.kind === "local") return;
  throw new TailgateError(
    "config",
    "base has no tailgate.yml, and only base's file may name the hosts that load is sent to (`allowed-hosts`).",
    "Merge the file first; it counts from the next pull request on.",
  );
}

/** In a monorepo, paths of the plan count from the folder that Tailgate runs in. */
function inSubfolder(plan: Plan, subfolder: string): Plan {
  if (subfolder === "") return plan;
  const arms = plan.arms.map((arm) => ({
    ...arm,
    service: { ...arm.service, cwd: posix.normalize(join(subfolder, arm.service.cwd)) },
  }));
  return { ...plan, arms };
}
