import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { checkout } from "../../src/git/checkout.js";
import type { Checkout } from "../../src/git/revision.js";
import { build, buildKey, type BuildCache, type BuildOptions } from "../../src/service/build/build.js";
import { folderCache } from "../../src/service/build/folder-cache.js";
import { newRunId, planOf, temporaryFolder } from "./made-up-services.js";

function repository(): { readonly root: string; readonly sha: string } {
  const root = temporaryFolder();
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], {
      cwd: root,
      encoding: "utf8",
    }).trim();
  git("init", "--quiet", "--initial-branch=main");
  writeFileSync(join(root, "tracked"), "1\n");
  git("add", ".");
  git("commit", "--quiet", "-m", "one");
  return { root, sha: git("rev-parse", "HEAD") };
}

async function checkedOut({ root, sha }: { readonly root: string; readonly sha: string }): Promise<Checkout> {
  return checkout(root, { sha, label: "base", dirty: false }, { folder: join(temporaryFolder(), "base") });
}

function options(at: Checkout, command: string | null, cache: BuildCache | null = null): BuildOptions {
  return {
    arm: "base",
    service: planOf("true", { build: command }),
    checkout: at,
    environment: process.env,
    runId: newRunId(),
    logFile: join(temporaryFolder(), "build.log"),
    cache,
  };
}

test("tracked files that the build itself changes are how they should be", async () => {
  const at = await checkedOut(repository());
  await build(options(at, "echo 2 > tracked"));
  await at.verifyUntouched();
  writeFileSync(join(at.path, "tracked"), "3\n");
  await expect(at.verifyUntouched()).rejects.toThrow(
    'tracked files of base were changed since it was built: "tracked"',
  );
  await at.dispose();
});

test("without a build command there is nothing to build", async () => {
  const at = await checkedOut(repository());
  expect(await build(options(at, null))).toEqual({ kind: "nothing-to-build" });
  await at.dispose();
});

test("a second build of the same commit comes from the cache, and its worktree stays its own", async () => {
  const from = repository();
  const cache = folderCache(temporaryFolder());
  const first = await checkedOut(from);
  expect((await build(options(first, "echo built > out", cache))).kind).toBe("built");
  await first.dispose();
  const second = await checkedOut(from);
  expect((await build(options(second, "echo built > out", cache))).kind).toBe("from-cache");
  expect(readFileSync(join(second.path, "out"), "utf8")).toBe("built\n");
  const own = execFileSync("git", ["rev-parse", "--git-dir"], { cwd: second.path, encoding: "utf8" });
  expect(existsSync(own.trim())).toBe(true);
  await second.verifyUntouched();
  await second.dispose();
});

test("a cache that fails costs a build and nothing else", async () => {
  const broken: BuildCache = {
    restore: () => Promise.reject(new Error("service unavailable")),
    save: () => Promise.reject(new Error("read-only token")),
  };
  const at = await checkedOut(repository());
  expect((await build(options(at, "echo built > out", broken))).kind).toBe("built");
  await at.dispose();
});

test("another command, commit, folder or environment is another build", () => {
  const keys = [
    buildKey("a", planOf("x", { build: "make" })),
    buildKey("b", planOf("x", { build: "make" })),
    buildKey("a", planOf("x", { build: "make -j" })),
    buildKey("a", planOf("x", { build: "make", cwd: "api" })),
    buildKey("a", planOf("x", { build: "make", env: { A: "1" } })),
  ];
  expect(new Set(keys).size).toBe(keys.length);
  expect(buildKey("a", planOf("another start", { build: "make" }))).toBe(keys[0]);
});

test("the folder keeps the builds that were asked for last, and never the worktree's own .git", async () => {
  const folder = temporaryFolder();
  const cache = folderCache(folder);
  const at = await checkedOut(repository());
  for (let i = 0; i < 7; i++) {
    await cache.save(`tailgate-build-${i}`, at.path);
    // Times of files are what tells which is older.
    utimesSync(join(folder, `tailgate-build-${i}`), i, i);
  }
  expect(readdirSync(folder).sort()).toEqual([2, 3, 4, 5, 6].map((i) => `tailgate-build-${i}`));
  expect(existsSync(join(folder, "tailgate-build-6", "tracked"))).toBe(true);
  expect(existsSync(join(folder, "tailgate-build-6", ".git"))).toBe(false);
});
