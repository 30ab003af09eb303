import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { ArmPlan, Plan } from "../../src/model/plan.js";
import { prepareArms, type PreparedArms } from "../../src/run/prepare-arms.js";
import { openRunWorkspace, type RunWorkspace } from "../../src/run/run-workspace.js";
import { MadeUpRepository } from "../git/repositories.js";
import { planOf } from "../service/made-up-services.js";
import { madeUpPlan } from "../verdict/made-up-run.js";
import { contextIn } from "./made-up-context.js";

const workspaces: RunWorkspace[] = [];
afterEach(async () => {
  for (const workspace of workspaces.splice(0)) await workspace.close();
});

interface Hooks {
  readonly build?: string;
  readonly setup?: string;
}

/** Prepares base, its control and head, all of the same commit. */
async function prepared(hooks: Partial<Record<ArmPlan["role"], Hooks>>): Promise<PreparedArms> {
  const repository = new MadeUpRepository();
  repository.write("other", "as committed");
  const revision = { sha: repository.commit("as committed"), label: "main", dirty: false };
  const arm = (name: string, role: ArmPlan["role"]): ArmPlan => ({
    ...madeUpPlan().arms[0]!,
    name,
    role,
    service: planOf("true", hooks[role] ?? {}),
  });
  const plan: Plan = {
    ...madeUpPlan(),
    arms: [arm("base", "base"), arm("control", "control"), arm("head", "head")],
  };
  const context = contextIn(repository.root);
  const workspace = await openRunWorkspace(context, repository.root);
  workspaces.push(workspace);
  return prepareArms(plan, () => revision, context, workspace);
}

test("tracked files may be changed by build and setup, and by nothing later", async () => {
  const { arms } = await prepared({ base: { build: "echo built > file", setup: "echo set up > other" } });
  const { folder, trackedFiles } = arms[0]!;
  expect(readFileSync(join(folder, "file"), "utf8")).toBe("built\n");
  expect(readFileSync(join(folder, "other"), "utf8")).toBe("set up\n");
  await trackedFiles!.verifyUnchanged();
  writeFileSync(join(folder, "file"), "changed while it was measured");
  await expect(trackedFiles!.verifyUnchanged()).rejects.toThrow(
    'tracked files of main were changed since it was built: "file"',
  );
});

test("the control shares base's checkout, and head has one of its own", async () => {
  const { arms } = await prepared({});
  const [base, control, head] = arms.map(({ folder }) => folder);
  expect(control).toBe(base);
  expect(head).not.toBe(base);
});

test("where base does not build, neither does its control, and head is prepared all the same", async () => {
  const { arms, failures } = await prepared({ base: { build: "exit 3" } });
  expect(failures.map(({ arm }) => arm)).toEqual(["base"]);
  expect(failures[0]!.error.message).toContain("base: build exited with code 3");
  expect(arms.map(({ plan }) => plan.name)).toEqual(["head"]);
});
