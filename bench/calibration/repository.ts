import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// The same files give the same commits, so that blocks of another day are of the same code.
const ALWAYS_THE_SAME = {
  GIT_AUTHOR_NAME: "Tailgate",
  GIT_AUTHOR_EMAIL: "tailgate@example.com",
  GIT_AUTHOR_DATE: "2026-01-01T00:00:00Z",
  GIT_COMMITTER_NAME: "Tailgate",
  GIT_COMMITTER_EMAIL: "tailgate@example.com",
  GIT_COMMITTER_DATE: "2026-01-01T00:00:00Z",
  GIT_CONFIG_GLOBAL: "/dev/null",
};

/** A step in the making of a repository: writes files into the work tree. */
export type Write = (folder: string) => void;

/** A repository with one commit on `main`, and a branch on top of it for each change. */
export function branchedRepository(
  base: Write,
  changes: Readonly<Record<string, Write>>,
): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "tailgate-calibration-"));
  const git = (...args: string[]): void => {
    execFileSync("git", args, { cwd: folder, env: { ...process.env, ...ALWAYS_THE_SAME }, stdio: "pipe" });
  };
  git("init", "--quiet", "--initial-branch=main");
  base(folder);
  git("add", "--all");
  git("commit", "--quiet", "--message", "base");
  for (const [name, write] of Object.entries(changes)) {
    git("checkout", "--quiet", "-b", name, "main");
    write(folder);
    git("commit", "--quiet", "--all", "--message", name);
  }
  git("checkout", "--quiet", "main");
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
