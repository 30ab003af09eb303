import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundles } from "../parts/bundles.js";
import { runFolders } from "./parts/leftovers.js";
import { type Repository, makeRepository } from "./parts/repository.js";
import { type Ended, ended, plainEnvironment } from "./parts/spawned.js";

/* Folders, tools and machines that Tailgate cannot work with: each a sentence with a hint, and never a bug. */

const CLI = join(bundles(), "cli.js");

let repository: Repository;
let temporary: string;

beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), "e2e-places-"));
  repository = makeRepository();
  repository.commit({ "tailgate.yml": "service: { start: node server.mjs }\n" });
  repository.commit({ "server.mjs": "" });
  writeFileSync(join(temporary, "file"), "");
  symlinkSync(join(temporary, "nowhere", "at", "all"), join(temporary, "dangling"));
  mkdirSync(join(temporary, "old-git"));
  writeFileSync(join(temporary, "old-git", "git"), "#!/bin/sh\necho git version 2.20.1\n");
  chmodSync(join(temporary, "old-git", "git"), 0o755);
});
afterAll(() => {
  repository.remove();
  rmSync(temporary, { recursive: true, force: true });
});

function tailgate(args: readonly string[], more: Record<string, string> = {}): Promise<Ended> {
  const env = { ...plainEnvironment(), RUNNER_TEMP: temporary, ...more };
  return ended(process.execPath, [CLI, ...args], { cwd: repository.folder, env });
}

function expectSentence({ code, stderr }: Ended, sentence: RegExp): void {
  // A terminal breaks lines anywhere.
  expect(stderr.replace(/\s+/g, " ")).toMatch(sentence);
  expect(stderr).not.toContain("bug of Tailgate");
  expect(stderr).not.toContain("    at ");
  expect(code).toBe(2);
  expect(runFolders(temporary).filter((name) => name.startsWith("tailgate-"))).toEqual([]);
}

describe("an out folder", () => {
  test.each([
    ["that is a file", "file", /file cannot be written: a file(, or a link that leads nowhere,)? stands/],
    ["below a file", "file/below", /file\/below cannot be written: a file stands where a folder is needed/],
    [
      "that is a link to nowhere",
      "dangling",
      /dangling cannot be written: a file, or a link that leads nowhere/,
    ],
    ["on a system that takes none", "/proc/results", /\/proc\/results cannot be written: /],
  ])("%s", async (_name, out, sentence) => {
    const folder = out.startsWith("/") ? out : join(temporary, out);
    expectSentence(await tailgate(["run", "--out", folder]), sentence);
    expectSentence(await tailgate(["calibrate", "--out", folder]), sentence);
  });
});

test.each([["RUNNER_TEMP"], ["TMPDIR"]])("a temporary folder (%s) that is a file", async (variable) => {
  const more = { RUNNER_TEMP: "", [variable]: join(temporary, "file") };
  expectSentence(await tailgate(["run"], more), /file\/?\S* cannot be written: a file.* TMPDIR/);
});

test("a demo without a temporary folder", async () => {
  const more = { RUNNER_TEMP: "", TMPDIR: join(temporary, "file") };
  expectSentence(
    await tailgate(["demo", "--out", join(temporary, "demo")], more),
    /file cannot be written: a file stands/,
  );
});

test("a git that does not know `--end-of-options`", async () => {
  const more = { PATH: `${join(temporary, "old-git")}:${process.env["PATH"] ?? ""}` };
  expectSentence(await tailgate(["run"], more), /git version 2\.20\.1 is too old Install git 2\.30 or newer/);
});

test.each([["--base"], ["--head"]])("a branch that does not exist, named by %s", async (flag) => {
  expectSentence(await tailgate(["run", flag, "no-such-branch"]), /no-such-branch/);
});

test("a configuration that is a pipe nobody writes to", async () => {
  const pipe = join(repository.folder, ".github", "tailgate.yml");
  mkdirSync(join(repository.folder, ".github"), { recursive: true });
  execFileSync("mkfifo", [pipe]);
  try {
    expectSentence(await tailgate(["run", "--config", pipe]), /tailgate\.yml cannot be read: it is no file/);
  } finally {
    rmSync(join(repository.folder, ".github"), { recursive: true });
  }
});

/** Takes /proc away from a command; an ordinary user may not. */
const WITHOUT_PROC = [
  "unshare",
  "--mount",
  "sh",
  "-c",
  'mount -t tmpfs none /proc && exec "$0" "$@"',
] as const;

function mayHideProc(): boolean {
  try {
    execFileSync(WITHOUT_PROC[0], [...WITHOUT_PROC.slice(1), "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test.runIf(mayHideProc())("a machine without /proc", async () => {
  const [command, ...args] = [...WITHOUT_PROC, process.execPath, CLI, "run"];
  const env = { ...plainEnvironment(), RUNNER_TEMP: temporary };
  expectSentence(
    await ended(command, args, { cwd: repository.folder, env }),
    /\/proc is not mounted: .* Mount it/,
  );
});
