import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { gitBytes } from "../../git/repositories.js";

/** A git repository of a test's own. */
export interface Repository {
  readonly folder: string;
  git(...args: string[]): string;
  /** Writes files and commits them; gives the commit. */
  commit(files: Readonly<Record<string, string>>, message?: string): string;
  remove(): void;
}

/** Between two of its git commands, and until it is removed, nothing of its .git but objects may change. */
export function makeRepository(): Repository {
  const folder = mkdtempSync(join(tmpdir(), "e2e-repository-"));
  let left: string | null = null;
  const requireUntouched = (): void => {
    if (left !== null) expect(gitBytes(folder)).toBe(left);
  };
  const git = (...args: string[]): string => {
    requireUntouched();
    const output = execFileSync(
      "git",
      ["-c", "user.name=Test", "-c", "user.email=test@example.com", ...args],
      {
        cwd: folder,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    left = gitBytes(folder);
    return output.trim();
  };
  git("init", "--quiet", "--initial-branch=main");
  return {
    folder,
    git,
    commit(files, message = "change") {
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
      }
      git("add", "--all");
      git("commit", "--quiet", "--allow-empty", "--message", message);
      return git("rev-parse", "HEAD");
    },
    remove() {
      requireUntouched();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
