import {
  readRunnerEnvironment,
  type RunnerEnvironment,
} from "../../../src/github/event/runner-environment.js";
import type { Github } from "./github-api.js";

/** The environment of a job in this GitHub's repository. */
export function runnerEnvironment(
  github: Github,
  changes: Partial<RunnerEnvironment> = {},
): RunnerEnvironment {
  const environment = readRunnerEnvironment({
    GITHUB_API_URL: github.apiUrl,
    GITHUB_REPOSITORY: `${github.owner}/${github.repository}`,
    GITHUB_RUN_ID: "100",
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_SHA: github.pullRequest.headSha,
    GITHUB_EVENT_NAME: "pull_request",
  });
  return { ...environment, ...changes };
}
