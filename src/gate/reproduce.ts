import type { Plan } from "../config/plan.js";
import type { ResolvedRevisions } from "../revisions/resolve.js";
import type { Job } from "./job.js";

/** The command that repeats a run in a clone of the repository. */
export function reproduceCommand(job: Job, plan: Plan, revisions: ResolvedRevisions | null): string {
  const { inputs } = job;
  const flags: [string, string | null][] = [
    ["--config", inputs.config],
    ["--base", revisions?.base.sha ?? null],
    ["--head", revisions === null ? null : revisions.head.dirty ? "." : revisions.head.sha],
    ["--build", inputs.build],
    ["--start", inputs.start],
    ["--path", inputs.path],
    ["--budget", `${plan.experiment.budgetMs / 1000}s`],
    ["--seed", String(plan.experiment.seed)],
  ];
  const given = flags.flatMap(([flag, value]) => (value === null ? [] : [`${flag} ${shellWord(value)}`]));
  return ["tailgate run", ...given].join(" ");
}

/** A word for a POSIX shell, whatever it holds. */
function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
