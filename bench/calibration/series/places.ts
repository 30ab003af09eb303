import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { copyExample } from "../../stacks/copy-example.js";
import { PROJECT_ROOT } from "../../stacks/project-root.js";
import { branchedRepository, type BranchedRepository, type Write } from "../../stacks/repository.js";
import { exampleOf, type Stack } from "../../stacks/stack.js";

/** What head does differently. */
export const CHANGES = ["unchanged", "five-percent", "ten-percent"] as const;
type Change = (typeof CHANGES)[number];

/** What else the machine does meanwhile: nothing, stress-ng on one processor, or whatever its users do (builds, tests). */
export const BESIDE = ["quiet", "stress", "busy"] as const;
export type Beside = (typeof BESIDE)[number];

/** One kind of run. */
export interface Place {
  readonly subject: string;
  readonly change: Change;
  readonly beside: Beside;
}

export const SUBJECTS = ["fastify", "fastapi-async", "axum"] as const;

/** The extra work of the patch for 5 % more, once more: what it was in the code, and what it is then. */
const TWICE: Readonly<
  Record<(typeof SUBJECTS)[number], readonly [file: string, once: string, twice: string]>
> = {
  fastify: ["server.js", "rows.slice(0, 35)", "rows.slice(0, 70)"],
  "fastapi-async": ["main.py", "    for row in rows:\n", "    for row in [*rows, *rows]:\n"],
  axum: ["src/main.rs", ".to_lowercase();", ".to_lowercase().to_lowercase();"],
};

/**
 * The example with a branch for each change, in a temporary folder.
 *
 * @param prepare - changes base, and so all of them
 */
export function repositoryOf(stack: Stack, prepare: Write = () => undefined): BranchedRepository {
  const patch =
    (name: string): Write =>
    (folder) => {
      const file = join(PROJECT_ROOT, "examples", "regressions", stack.name, `${name}.patch`);
      execFileSync("git", ["apply", "-p1", file], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    };
  const fivePercent = patch("five-percent");
  const changes: Readonly<Record<Change, Write>> = {
    unchanged: patch("no-op"),
    "five-percent": fivePercent,
    "ten-percent": (folder) => {
      fivePercent(folder);
      twice(folder, stack.name);
    },
  };
  return branchedRepository((folder) => {
    copyExample(exampleOf(stack), folder);
    prepare(folder);
  }, changes);
}

function twice(folder: string, subject: string): void {
  const [name, before, after] = TWICE[subject as keyof typeof TWICE];
  const file = join(folder, name);
  const text = readFileSync(file, "utf8");
  if (!text.includes(before)) throw new Error(`${file} has no ${JSON.stringify(before)} to double`);
  writeFileSync(file, text.replaceAll(before, after));
}
