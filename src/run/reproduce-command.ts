import type { Plan } from "../model/plan.js";
import type { ResolvedRevisions } from "../git/resolve-revisions.js";
import { shellWord } from "../text/shell-word.js";
import type { RunContext } from "./run-context.js";

/**
 * The command that repeats a run, for the root of a clone of the repository.
 *
 * @param subfolder - of the repository, where the run was started; empty for its root
 */
export function reproduceCommand(
  context: Pick<RunContext, "inputs">,
  plan: Pick<Plan, "experiment">,
  revisions: ResolvedRevisions | null,
  subfolder: string,
): string {
  const { inputs } = context;
  const flags: [string, string | null][] = [
    ["--config", inputs.config],
    ["--base", revisions?.base.sha ?? null],
    ["--head", revisions === null ? null : revisions.head.dirty ? "." : revisions.head.sha],
    ["--build", inputs.build],
    ["--start", inputs.start],
    ["--path", inputs.path],
    ["--budget", `${plan.experiment.budgetMs / 1000}s`],
    ["--explain", inputs.explain],
    ["--seed", String(plan.experiment.seed)],
  ];
  const given = flags.flatMap(([flag, value]) => (value === null ? [] : [`${flag} ${shellWord(value)}`]));
  const command = ["tailgate run", ...given].join(" ");
  return subfolder === "" ? command : `(cd ${shellWord(subfolder)} && ${command})`;
}
