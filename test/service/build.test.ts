import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { build, buildKey, type BuildCache, type BuildOptions } from "../../src/service/build/build.js";
import { replaceByCopies } from "../../src/service/build/copies.js";
import { folderCache } from "../../src/service/build/folder-cache.js";
import { newRunId, planOf } from "./made-up-services.js";
import { temporaryFolder } from "../parts/temporary-folder.js";

const COMMIT = "0123456789".repeat(4);

/** A checkout of one file, and the link by which a worktree knows its repository. */
function checkedOut(link = "gitdir: /repository/.git/worktrees/base\n"): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, ".git"), link);
  writeFileSync(join(folder, "tracked"), "1\n");
  return folder;
}

function options(checkout: string, command: string | null, cache: BuildCache | null = null): BuildOptions {
  return {
    arm: "base",
    service: planOf("true", { build: command }),
    checkout,
    commit: COMMIT,
    environment: process.env,
    runId: newRunId(),
    logFile: join(temporaryFolder(), "build.log"),
    cache,
  };
}

function cacheIn(folder: string): BuildCache {
  return folderCache(folder, { except: [".git"] });
}

test("without a build command there is nothing to build", async () => {
  expect(await build(options(checkedOut(), null))).toEqual({ kind: "nothing-to-build" });
});

test("a second build of the same commit comes from the cache, and its worktree stays its own", async () => {
  const cache = cacheIn(temporaryFolder());
  const first = await build(options(checkedOut(), "echo built > out", cache));
  expect(first.kind).toBe("built");
  const own = "gitdir: /repository/.git/worktrees/second\n";
  const second = checkedOut(own);
  expect((await build(options(second, "echo built > out", cache))).kind).toBe("from-cache");
  expect(readFileSync(join(second, "out"), "utf8")).toBe("built\n");
  expect(readFileSync(join(second, ".git"), "utf8")).toBe(own);
});

test("a checkout with uncommitted files is built every time", async () => {
  const cache = cacheIn(temporaryFolder());
  const uncommitted = { ...options(checkedOut(), "echo built > out", cache), commit: null };
  expect((await build(uncommitted)).kind).toBe("built");
  expect((await build(uncommitted)).kind).toBe("built");
});

test("a cache that fails costs a build and nothing else", async () => {
  const broken: BuildCache = {
    restore: () => Promise.reject(new Error("service unavailable")),
    save: () => Promise.reject(new Error("read-only token")),
    entry: (key) => key,
  };
  expect((await build(options(checkedOut(), "echo built > out", broken))).kind).toBe("built");
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

test("the folder of the cache keeps the builds that were asked for last, and never the worktree's own .git", async () => {
  const folder = temporaryFolder();
  const cache = cacheIn(folder);
  const checkout = checkedOut();
  for (let i = 0; i < 7; i++) {
    await cache.save(`tailgate-build-${i}`, checkout);
    // Times of files are what tells which is older.
    utimesSync(join(folder, `tailgate-build-${i}`), i, i);
  }
  expect(readdirSync(folder).sort()).toEqual([2, 3, 4, 5, 6].map((i) => `tailgate-build-${i}`));
  expect(existsSync(join(folder, "tailgate-build-6", "tracked"))).toBe(true);
  expect(existsSync(join(folder, "tailgate-build-6", ".git"))).toBe(false);
});

test("a build replaced by copies keeps its content, modes, times and links, and its .git stays as it is", async () => {
  const folder = checkedOut();
  const program = join(folder, "bin", "program");
  mkdirSync(join(folder, "bin"));
  writeFileSync(program, "#!/bin/sh\n", { mode: 0o755 });
  utimesSync(program, 1_000, 2_000);
  symlinkSync("bin/program", join(folder, "link"));
  linkSync(program, join(temporaryFolder(), "shared"));
  const git = statSync(join(folder, ".git")).ino;
  const before = readdirSync(folder).sort();
  await replaceByCopies(folder, [".git"]);
  expect(readdirSync(folder).sort()).toEqual(before);
  expect(readFileSync(program, "utf8")).toBe("#!/bin/sh\n");
  expect(statSync(program)).toMatchObject({ mode: 0o100755, mtimeMs: 2_000_000, nlink: 1 });
  expect(readlinkSync(join(folder, "link"))).toBe("bin/program");
  expect(statSync(join(folder, ".git")).ino).toBe(git);
  expect(existsSync(`${folder}.copies`)).toBe(false);
});
