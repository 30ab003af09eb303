import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { copyExample } from "../stacks/copy-example.js";
import { branchedRepository } from "../stacks/repository.js";
import { type Stack, exampleOf } from "../stacks/stack.js";

/** A repository as a user has it: a commit with the example, and one with the patch on it. */
export interface PatchedRepository {
  readonly folder: string;
  readonly base: string;
  readonly head: string;
  remove(): void;
}

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
  const { folder, commitOf, remove } = branchedRepository(
    (tree) => {
      copyExample(exampleOf(stack), tree);
      writeGates(join(tree, "tailgate.yml"), gates);
    },
    {
      patched: (tree) => {
        execFileSync("git", ["apply", "-p1", patch], { cwd: tree, stdio: ["ignore", "pipe", "pipe"] });
      },
    },
  );
  return { folder, base: commitOf("main"), head: commitOf("patched"), remove };
}

function writeGates(file: string, gates: Readonly<Record<string, string>>): void {
  if (Object.keys(gates).length === 0) return;
  const content = parse(readFileSync(file, "utf8")) as { gates?: Record<string, unknown> };
  writeFileSync(file, stringify({ ...content, gates: { ...content.gates, ...gates } }));
}
