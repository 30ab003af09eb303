import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { copyExample } from "../stacks/copy-example.js";
import { type Stack, exampleOf } from "../stacks/stack.js";

/** A repository as a user has it: a commit with the example, and one with the patch on it. */
export interface PatchedRepository {
  readonly folder: string;
  readonly base: string;
  readonly head: string;
  remove(): void;
}

// The same files give the same commits, so that the build of a base can be kept from one run to the next.
const ALWAYS_THE_SAME = {
  GIT_AUTHOR_NAME: "Tailgate",
  GIT_AUTHOR_EMAIL: "tailgate@example.com",
  GIT_AUTHOR_DATE: "2026-01-01T00:00:00Z",
  GIT_COMMITTER_NAME: "Tailgate",
  GIT_COMMITTER_EMAIL: "tailgate@example.com",
  GIT_COMMITTER_DATE: "2026-01-01T00:00:00Z",
  GIT_CONFIG_GLOBAL: "/dev/null",
};

/**
 * Makes the repository in a temporary folder.
 *
 * @param gates - written into tailgate.yml of both commits, over those that it has
 */
export function patchedRepository(
  stack: Stack,
  patch: string,
  gates: Readonly<Record<string, string>>,
): PatchedRepository {
  const folder = mkdtempSync(join(tmpdir(), `regressions-${stack.name}-`));
  const git = (...args: string[]): string =>
    execFileSync("git", args, {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, ...ALWAYS_THE_SAME },
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  const commit = (message: string): string => {
    git("add", "--all");
    git("commit", "--quiet", "--message", message);
    return git("rev-parse", "HEAD");
  };
  try {
    git("init", "--quiet", "--initial-branch=main");
    copyExample(exampleOf(stack), folder);
    writeGates(join(folder, "tailgate.yml"), gates);
    const base = commit(stack.name);
    git("apply", "-p1", patch);
    const head = commit("change");
    return {
      folder,
      base,
      head,
      remove: () => {
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function writeGates(file: string, gates: Readonly<Record<string, string>>): void {
  if (Object.keys(gates).length === 0) return;
  const content = parse(readFileSync(file, "utf8")) as { gates?: Record<string, unknown> };
  writeFileSync(file, stringify({ ...content, gates: { ...content.gates, ...gates } }));
}
