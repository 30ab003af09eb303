import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Github } from "./github-api.js";

/** What a runner gives the step of an action. */
export interface StepEnvironment extends Record<string, string | undefined> {
  readonly GITHUB_OUTPUT: string;
  readonly GITHUB_STATE: string;
  readonly GITHUB_STEP_SUMMARY: string;
}

/**
 * The step's variables: its inputs, its event, and empty files for what it says.
 *
 * @param folder - for those files and its temporary ones
 */
export function stepEnvironment(
  folder: string,
  github: Github,
  { event, inputs }: { readonly event: object; readonly inputs: Readonly<Record<string, string>> },
): StepEnvironment {
  const file = (name: string, content = ""): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  return {
    RUNNER_TEMP: folder,
    GITHUB_ACTIONS: "true",
    GITHUB_API_URL: github.apiUrl,
    GITHUB_REPOSITORY: `${github.owner}/${github.repository}`,
    GITHUB_EVENT_PATH: file("event.json", JSON.stringify(event)),
    GITHUB_OUTPUT: file("output"),
    GITHUB_STATE: file("state"),
    GITHUB_STEP_SUMMARY: file("summary.md"),
    ...Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
    ),
  };
}
