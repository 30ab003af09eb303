import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// The same files give the same commits: what was kept of one is known again on another day.
const ALWAYS_THE_SAME = {
  GIT_AUTHOR_NAME: "Tailgate",
  GIT_AUTHOR_EMAIL: "tailgate@example.com",
  GIT_AUTHOR_DATE: "2026-01-01T00:00:00Z",
  GIT_COMMITTER_NAME: "Tailgate",
  GIT_COMMITTER_EMAIL: "tailgate@example.com",
  GIT_COMMITTER_DATE: "2026-01-01T00:00:00Z",
  GIT_CONFIG_GLOBAL: "/dev/null",
};

/** git in a folder, whose commits depend on nothing but their files and their parents. */
export function reproducibleGit(folder: string): (...args: readonly string[]) => string {
  return (...args) =>
    execFileSync("git", args, {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, ...ALWAYS_THE_SAME },
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
}

/** A step in the making of a repository: changes files of its work tree. */
export type Write = (folder: string) => void;

/** A repository in a temporary folder, with `main` checked out. */
export interface BranchedRepository {
  readonly folder: string;
  /** The full hash that a branch stands at. */
  readonly commitOf: (branch: string) => string;
  readonly remove: () => void;
}

/** Makes a repository with one commit on `main`, and a branch on top of it for each change. */
export function branchedRepository(
  base: Write,
  changes: Readonly<Record<string, Write>>,
): BranchedRepository {
  const folder = mkdtempSync(join(tmpdir(), "tailgate-bench-"));
  const git = reproducibleGit(folder);
  const commit = (message: string): void => {
    git("add", "--all");
    git("commit", "--quiet", "--message", message);
  };
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    git("init", "--quiet", "--initial-branch=main");
    base(folder);
    commit("base");
    for (const [name, write] of Object.entries(changes)) {
      git("checkout", "--quiet", "-b", name, "main");
      write(folder);
      commit(name);
    }
    git("checkout", "--quiet", "main");
    return { folder, commitOf: (branch) => git("rev-parse", branch), remove };
  } catch (error) {
    remove();
    throw error;
  }
}
