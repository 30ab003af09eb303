import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { BASE_SERVER, DEMO_CONFIG, HEAD_SERVER } from "../demo/service.js";
import { TailgateError, writingAt } from "../error.js";
import { runCommand } from "./run.js";
import type { Streams } from "./terminal/streams.js";

/** A commit needs an author; the user's own identity is not asked for. */
const IDENTITY = ["-c", "user.name=Tailgate demo", "-c", "user.email=demo@tailgate.invalid"];

const EXIT_CODES: Readonly<Record<number, string>> = {
  0: "A real run would exit with 0: no regression.",
  1: "A real run would exit with 1 and fail the build.",
  2: "A real run would exit with 2: it could not be measured.",
};

/**
 * `tailgate demo`: the main job on an embedded service in a temporary repository of two commits. Exits with 0 if the
 * path could be walked, whatever the verdict.
 */
export async function demoCommand(
  options: { readonly out: string },
  streams: Pick<Streams, "stdout" | "stderr">,
): Promise<number> {
  const { stderr } = streams;
  const out = resolve(options.out);
  const repository = await writingAt(tmpdir(), () => mkdtemp(join(tmpdir(), "tailgate-demo-")));
  try {
    await makeRepository(repository);
    stderr.write(
      "Demo: a small shop lists its orders. On the branch `tidy-up` somebody removed an index that looked unused.\n" +
        "Tailgate starts the service from both commits, and sends both the same load.\n\n",
    );
    const exitCode = await runCommand({ base: "main", head: "tidy-up", out }, repository, streams);
    stderr.write(`\n${EXIT_CODES[exitCode] ?? `A real run would exit with ${exitCode}.`}\n`);
    return exitCode === 2 ? 2 : 0;
  } finally {
    await rm(repository, { recursive: true, force: true });
  }
}

async function makeRepository(folder: string): Promise<void> {
  const git = async (...args: string[]): Promise<void> => {
    await promisify(execFile)("git", [...IDENTITY, ...args], { cwd: folder }).catch((cause: unknown) => {
      throw new TailgateError("revision", "The demo's repository could not be made.", "Is git installed?", {
        cause,
      });
    });
  };
  await git("init", "--quiet", "--initial-branch=main");
  await writeFile(join(folder, "package.json"), '{ "type": "module" }\n');
  await writeFile(join(folder, "tailgate.yml"), DEMO_CONFIG);
  await writeFile(join(folder, "server.js"), BASE_SERVER);
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "List orders with their customers");
  await git("checkout", "--quiet", "-b", "tidy-up");
  await writeFile(join(folder, "server.js"), HEAD_SERVER);
  await git("commit", "--quiet", "--all", "--message", "Remove an index that looked unused");
}
