import { execFile } from "node:child_process";
import { join } from "node:path";
import { bundles } from "../../parts/bundles.js";
import type { Github } from "./github-api.js";
import { node24 } from "./node24.js";
import { stepEnvironment } from "./step-environment.js";

/** A job with one step: the action. */
export interface Job {
  readonly event: object;
  readonly inputs: Readonly<Record<string, string>>;
  /** Of the runner, beside what every job here has. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * The bundled action as a runner starts it, under Node.js 24, with nothing but what a runner sets.
 *
 * @param folder - for its outputs, its summary and its temporary files
 */
export async function runBuiltAction(
  github: Github,
  folder: string,
  { event, inputs, environment }: Job,
): Promise<{ readonly code: number; readonly log: string }> {
  const env = {
    PATH: process.env["PATH"],
    GITHUB_RUN_ID: "5000",
    ...stepEnvironment(folder, github, { event, inputs }),
    ...environment,
  };
  return new Promise((resolve) => {
    execFile(node24(), [join(bundles(), "action.js")], { env, cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), log: stdout + stderr });
    });
  });
}
