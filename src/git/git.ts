import { execFile } from "node:child_process";
import { devNull } from "node:os";

import { TailgateError } from "../error.js";

/** How a git command ended. Nothing is thrown for an exit code: many callers ask a question by it. */
export interface GitOutput {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface GitOptions {
  readonly timeoutMs?: number;
  readonly input?: string;
}

/** Git in one folder, told to run no hooks, ask nothing and leave the index alone. */
export type Git = (args: readonly string[], options?: GitOptions) => Promise<GitOutput>;

/** Variables by which a surrounding git, such as one that runs us in a hook, would lead ours to another repository. */
const LEADING =
  /^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX)$/;

const LARGEST_OUTPUT = 512 * 1024 * 1024;
const TIMEOUT_MS = 10 * 60_000;

export function gitIn(
  folder: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Git {
  const env = Object.fromEntries(Object.entries(environment).filter(([name]) => !LEADING.test(name)));
  Object.assign(env, {
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
    // Large files are fetched where they are wanted, and not by whatever touches the work tree.
    GIT_LFS_SKIP_SMUDGE: "1",
    LC_ALL: "C",
  });
  const fixed = [
    "-c",
    `core.hooksPath=${devNull}`,
    "-c",
    "core.fsmonitor=false",
    "-c",
    "advice.detachedHead=false",
  ];
  return (args, options = {}) =>
    new Promise((resolve, reject) => {
      const child = execFile(
        "git",
        [...fixed, ...args],
        { cwd: folder, env, maxBuffer: LARGEST_OUTPUT, timeout: options.timeoutMs ?? TIMEOUT_MS },
        (error, stdout, stderr) => {
          if (error === null) resolve({ code: 0, stdout, stderr });
          else if (typeof error.code === "number") resolve({ code: error.code, stdout, stderr });
          else reject(notRun(error, folder));
        },
      );
      child.stdin?.on("error", () => undefined); // It may end without reading.
      child.stdin?.end(options.input ?? "");
    });
}

function notRun(error: Error & { code?: unknown; killed?: boolean }, folder: string): TailgateError {
  if (error.code === "ENOENT") {
    return new TailgateError(
      "revision",
      `git could not be run in ${folder}`,
      "Install git and check that the folder exists, or compare whole stacks with `arms:`, which needs no git.",
      { cause: error },
    );
  }
  const what = error.killed === true ? "git did not end in time" : `git failed: ${error.message}`;
  return new TailgateError("revision", what, "Check the repository and the connection to its remote.", {
    cause: error,
  });
}

/** Runs git and gives its output; a `revision` error with git's own last words when it fails. */
export async function gitOrThrow(
  git: Git,
  args: readonly string[],
  doing: string,
  hint: string,
): Promise<string> {
  const output = await git(args);
  if (output.code === 0) return output.stdout;
  throw new TailgateError("revision", `${doing} failed: ${lastWords(output)}`, hint);
}

/** What git complained about, without its progress and credentials. */
export function lastWords(output: GitOutput): string {
  const lines = output.stderr
    .replace(/:\/\/[^\s/@]+@/g, "://***@")
    .split("\n")
    .filter((line) => /^(fatal|error|remote):/.test(line));
  return lines.slice(-2).join(" ").trim() || `exit code ${output.code}`;
}
