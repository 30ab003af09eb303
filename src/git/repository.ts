import { realpath } from "node:fs/promises";
import { relative } from "node:path";

import { TailgateError } from "../error.js";
import { gitIn, lastWords, type Git } from "./git.js";

/** The user's repository. It is only read; what is fetched goes into a shared clone. */
export interface Repository {
  /** Absolute path of the work tree's root. */
  readonly root: string;
  /** The folder we were given, relative to the root; empty for the root itself. */
  readonly subfolder: string;
  readonly git: Git;
}

/** Opens the repository that a folder belongs to. */
export async function openRepository(folder: string): Promise<Repository> {
  const git = gitIn(folder);
  requireVersion((await git(["--version"])).stdout);
  const top = await git(["rev-parse", "--show-toplevel"]);
  if (top.code === 0) {
    const root = top.stdout.replace(/\n$/, "");
    return { root, subfolder: relative(await realpath(root), await realpath(folder)), git: gitIn(root) };
  }
  const bare = await git(["rev-parse", "--is-bare-repository"]);
  if (bare.code === 0 && bare.stdout.trim() === "true") {
    throw new TailgateError(
      "revision",
      `${folder} is a bare repository`,
      "Run Tailgate in a clone with a work tree.",
    );
  }
  if (top.stderr.includes("dubious ownership")) {
    throw new TailgateError(
      "revision",
      `git refuses ${folder}, which belongs to another user`,
      `Run \`git config --global --add safe.directory ${folder}\` first.`,
    );
  }
  throw new TailgateError(
    "revision",
    `${folder} is not in a git repository (${lastWords(top)})`,
    "Run actions/checkout before Tailgate, or compare whole stacks with `arms:`, which needs no git.",
  );
}

/** Since then rev-parse knows `--end-of-options`, which keeps a name from being taken for an option. */
const OLDEST = [2, 30] as const;

/** @param said - by `git --version` */
function requireVersion(said: string): void {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(said) ?? [];
  // A version that says nothing is tried.
  if (major === undefined) return;
  const [oldestMajor, oldestMinor] = OLDEST;
  if (Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor)) return;
  throw new TailgateError(
    "revision",
    `${said.trim()} is too old`,
    `Install git ${OLDEST.join(".")} or newer, or compare whole stacks with \`arms:\`, which needs no git.`,
  );
}
