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
