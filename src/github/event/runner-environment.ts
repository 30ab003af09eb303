import { TailgateError } from "../../error.js";

/** A repository by its name. */
export interface Repository {
  readonly owner: string;
  readonly repository: string;
}

/** What the runner says about this job, read once. Addresses have no slash at the end. */
export interface RunnerEnvironment extends Repository {
  readonly apiUrl: string;
  readonly serverUrl: string;
  readonly runId: number;
  readonly runAttempt: number;
  /** The commit that the workflow runs for; for a pull request GitHub's test merge, not its head. */
  readonly sha: string;
  readonly ref: string;
  readonly eventName: string;
  readonly eventPath: string;
  /** Unset outside a runner. */
  readonly summaryPath: string | null;
}

const ADDRESS = /^https?:\/\/[^\s/?#@]+(?:\/[^\s?#@]*)?$/;
const REPOSITORY = /^([A-Za-z0-9_.-]+)\/([A-Za-z0-9_.-]+)$/;

/** Throws a `github` TailgateError when a variable of the runner is absent or has another form. */
export function readRunnerEnvironment(env: Readonly<Record<string, string | undefined>>): RunnerEnvironment {
  const repository = REPOSITORY.exec(env["GITHUB_REPOSITORY"] ?? "");
  if (repository === null) throw notARunner("GITHUB_REPOSITORY", env["GITHUB_REPOSITORY"]);
  return {
    apiUrl: address(env, "GITHUB_API_URL", "https://api.github.com"),
    serverUrl: address(env, "GITHUB_SERVER_URL", "https://github.com"),
    owner: repository[1]!,
    repository: repository[2]!,
    runId: count(env, "GITHUB_RUN_ID"),
    runAttempt: count(env, "GITHUB_RUN_ATTEMPT"),
    sha: env["GITHUB_SHA"] ?? "",
    ref: env["GITHUB_REF"] ?? "",
    eventName: env["GITHUB_EVENT_NAME"] ?? "",
    eventPath: env["GITHUB_EVENT_PATH"] ?? "",
    summaryPath: env["GITHUB_STEP_SUMMARY"] || null,
  };
}

/** Page of this run, for people. */
export function runUrl(runner: RunnerEnvironment): string {
  return `${runner.serverUrl}/${runner.owner}/${runner.repository}/actions/runs/${runner.runId}`;
}

function address(env: Readonly<Record<string, string | undefined>>, name: string, fallback: string): string {
  const value = (env[name] || fallback).replace(/\/+$/, "");
  if (!ADDRESS.test(value)) throw notARunner(name, value);
  return value;
}

/** Run ids and attempts; 1 where the runner does not say, as `act` and old runners do not. */
function count(env: Readonly<Record<string, string | undefined>>, name: string): number {
  const value = env[name];
  if (value === undefined || value === "") return 1;
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1) throw notARunner(name, value);
  return number;
}

function notARunner(name: string, value: string | undefined): TailgateError {
  return new TailgateError(
    "github",
    value === undefined || value === ""
      ? `${name} is not set, so this is not a GitHub Actions job.`
      : `${name} is ${JSON.stringify(value)}, which is not what a runner sets.`,
    "Use the command line (`tailgate run`) outside of GitHub Actions.",
  );
}
