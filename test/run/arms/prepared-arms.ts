import type { ContainerPlan } from "../../../src/model/service-plan.js";
import { expect, onTestFinished } from "vitest";
import type { ArmPlan, Plan } from "../../../src/model/plan.js";
import type { Revision } from "../../../src/git/revision.js";
import { openRepository } from "../../../src/git/repository.js";
import { makeSharedClone } from "../../../src/git/clone-of-objects.js";
import { prepareArms, type PreparedArms } from "../../../src/run/arms/prepare-arms.js";
import { openRunWorkspace, type RunWorkspace } from "../../../src/run/run-workspace.js";
import { fingerprint, MadeUpRepository } from "../../git/repositories.js";
import { HELLO, planOf } from "../../service/made-up-services.js";
import { madeUpPlan } from "../../verdict/made-up-run.js";
import { contextIn } from "../made-up-context.js";

/** A service of one file. */
export const SERVER = `require("node:http").createServer((_, response) => response.end("ok")).listen(Number(process.env.PORT), "127.0.0.1");\n`;

const workspaces: RunWorkspace[] = [];
/** Ends the runs whose arms were prepared, as a process would that is done; at the end of a test this happens by itself. */
export async function closeWorkspaces(): Promise<void> {
  for (const workspace of workspaces.splice(0)) await workspace.close();
}

interface Hooks {
  readonly container?: ContainerPlan;
  readonly envFile?: string;
  readonly setupOnce?: string;
  readonly build?: string;
  readonly setup?: string;
}

interface Made {
  /** Start command of every arm; by default one that serves. */
  readonly start?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** With two commits already; by default one is made. */
  readonly repository?: MadeUpRepository;
}

/** Prepares base, its control and head, in two commits of one repository, which must stay as it is. */
export async function prepared(
  hooks: Partial<Record<ArmPlan["role"], Hooks>>,
  { start = HELLO, files = {}, environment = {}, repository = new MadeUpRepository() }: Made = {},
): Promise<PreparedArms & { readonly notes: readonly string[] }> {
  for (const [path, content] of Object.entries(files)) repository.write(path, content);
  if (repository.git("rev-list", "--all") === "") {
    repository.commit("base");
    repository.commit("head");
  }
  const commit = (name: string): Revision => ({
    sha: repository.git("rev-parse", name),
    label: "main",
    dirty: false,
  });
  const [base, head] = [commit("HEAD~1"), commit("HEAD")];
  const arm = (name: string, role: ArmPlan["role"]): ArmPlan => ({
    ...madeUpPlan().arms[0]!,
    name,
    role,
    service: planOf(start, hooks[role] ?? {}),
  });
  const plan: Plan = {
    ...madeUpPlan(),
    arms: [arm("base", "base"), arm("control", "control"), arm("head", "head")],
  };
  const notes: string[] = [];
  const context = contextIn(repository.root, {}, { note: (text) => notes.push(text) });
  const workspace = await openRunWorkspace({
    ...context,
    environment: { ...context.environment, ...environment },
  });
  workspaces.push(workspace);
  onTestFinished(closeWorkspaces);
  await workspace.beginResults();
  const before = fingerprint(repository.root);
  const opened = await openRepository(repository.root);
  const clone = await makeSharedClone(opened, workspace.folder.sharedClone);
  const arms = await prepareArms(
    plan,
    ({ role }) => (role === "head" ? head : base),
    { repository: opened, clone },
    { ...context, environment: { ...context.environment, ...environment } },
    workspace,
  );
  expect(fingerprint(repository.root), "the user's repository was changed").toBe(before);
  return { ...arms, notes };
}
