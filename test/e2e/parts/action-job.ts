import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Github, GithubOptions } from "../../github/parts/github-api.js";
import { node24 } from "../../github/parts/node24.js";
import { stepEnvironment } from "../../github/parts/step-environment.js";
import { bundles } from "../../parts/bundles.js";
import type { Repository } from "./repository.js";
import { type Ended, ended, plainEnvironment } from "./spawned.js";

/** A pull request, and what is asked of the action for it. */
export interface PullRequest {
  readonly baseSha: string;
  readonly headSha: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly permissions?: Required<GithubOptions>["permissions"];
}

/** One job that has ended, with what it left. */
export interface Job extends Ended {
  readonly workspace: string;
  readonly outputs: ReadonlyMap<string, string>;
  readonly summary: string;
  readonly post: Ended;
  /** Holds the workspace; to be removed by the test. */
  readonly temporary: string;
}

/**
 * Starts action.js, then post.js, with what a runner sets.
 *
 * @param more - of the job's environment
 * @param before - what earlier steps do in the workspace
 */
export async function runJob(
  repository: Repository,
  github: Github,
  { baseSha, headSha: head, inputs = {} }: PullRequest,
  more: Readonly<Record<string, string>> = {},
  before: (workspace: string) => void = () => undefined,
): Promise<Job> {
  const temporary = mkdtempSync(join(tmpdir(), "e2e-runner-"));
  const workspace = join(temporary, "workspace");
  const git = (...args: string[]): string => execFileSync("git", args, { cwd: temporary, encoding: "utf8" });
  git("clone", "--quiet", "--no-checkout", repository.folder, workspace);
  git("-C", workspace, "remote", "remove", "origin");
  git("-C", workspace, "checkout", "--quiet", "--detach", head);
  before(workspace);
  const full = `${github.owner}/${github.repository}`;
  const event = {
    pull_request: {
      number: github.pullRequest.number,
      head: { sha: head, ref: "feature", repo: { full_name: full } },
      base: { sha: baseSha, ref: "main", repo: { full_name: full } },
    },
    repository: { full_name: full, default_branch: "main" },
  };
  const env = {
    ...plainEnvironment(),
    CI: "true",
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_EVENT_NAME: "pull_request",
    GITHUB_WORKSPACE: workspace,
    GITHUB_SHA: head,
    GITHUB_REF: "refs/pull/1/merge",
    GITHUB_RUN_ID: "100",
    GITHUB_RUN_ATTEMPT: "1",
    RUNNER_OS: "Linux",
    ...stepEnvironment(temporary, github, {
      event,
      inputs: { "github-token": github.token, "fail-on": "regression", mode: "run", ...inputs },
    }),
    ...more,
  };
  const main = await ended(node24(), [join(bundles(), "action.js")], { cwd: workspace, env });
  const state = Object.fromEntries(
    [...parseFileCommands(readFileSync(env.GITHUB_STATE, "utf8"))].map(([k, v]) => [`STATE_${k}`, v]),
  );
  const post = await ended(node24(), [join(bundles(), "post.js")], {
    cwd: workspace,
    env: { ...env, ...state },
  });
  return {
    ...main,
    post,
    workspace,
    temporary,
    outputs: parseFileCommands(readFileSync(env.GITHUB_OUTPUT, "utf8")),
    summary: readFileSync(env.GITHUB_STEP_SUMMARY, "utf8"),
  };
}

/** `name<<delimiter`, lines, `delimiter`: how the toolkit writes outputs and state. */
function parseFileCommands(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/^(\S+?)<<(\S+)\n([\s\S]*?)\n\2$/gm)].map((match) => [match[1]!, match[3]!]),
  );
}
