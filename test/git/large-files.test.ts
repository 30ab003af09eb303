import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import type { Checkout, Revision } from "../../src/git/revision.js";
import { checkout, fingerprint, MadeUpRepository } from "./repositories.js";
import { temporaryFolder } from "../parts/temporary-folder.js";

const checkouts: Checkout[] = [];
afterEach(async () => {
  for (const made of checkouts.splice(0)) await made.dispose();
  vi.unstubAllEnvs();
});

const commit = (sha: string): Revision => ({ sha, label: "base", dirty: false });

async function checkedOut(root: string, revision: Revision): Promise<Checkout> {
  const made = await checkout(root, revision, { folder: join(temporaryFolder(), "arm") });
  checkouts.push(made);
  return made;
}

const read = (made: Checkout, path: string): string => readFileSync(join(made.path, path), "utf8");

const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 4\n`;

describe("large files, with a made-up git-lfs", () => {
  // A machine with git-lfs has its filters in the system's configuration, which would run the made-up one.
  beforeEach(() => {
    vi.stubEnv("GIT_CONFIG_NOSYSTEM", "1");
    vi.stubEnv("GIT_CONFIG_GLOBAL", "/dev/null");
  });

  function withLargeFile(): { repository: MadeUpRepository; sha: string } {
    const repository = new MadeUpRepository();
    repository.write(".gitattributes", "*.bin filter=lfs -text\n");
    return { repository, sha: repository.commit(POINTER, "data.bin") };
  }

  /** A git-lfs that knows one command. */
  function useLfs(script: string): void {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "git-lfs"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "git-lfs"), 0o755);
    vi.stubEnv("PATH", `${folder}${delimiter}${process.env["PATH"] ?? ""}`);
  }

  test("large files are pulled where the user has them", async () => {
    const { repository, sha } = withLargeFile();
    repository.write("data.bin", "real");
    useLfs('[ "$1" = pull ] && printf real > data.bin');
    expect(read(await checkedOut(repository.root, commit(sha)), "data.bin")).toBe("real");
  });

  test("large files that cannot be had are an error: pointers would be measured instead", async () => {
    const { repository, sha } = withLargeFile();
    repository.write("data.bin", "real");
    useLfs("echo 'error: 403' >&2; exit 2");
    await expect(checkedOut(repository.root, commit(sha))).rejects.toMatchObject({
      message: '1 LFS file could not be fetched, such as "data.bin": error: 403',
      hint: expect.stringContaining("lfs: true") as unknown,
    });
    expect(repository.git("worktree", "list").split("\n")).toHaveLength(1);
  });

  test("large files stay pointers where the user has pointers", async () => {
    const { repository, sha } = withLargeFile();
    expect(read(await checkedOut(repository.root, commit(sha)), "data.bin")).toBe(POINTER);
  });
});

/** `null` where git-lfs is installed, else why the tests below are skipped. */
const noLfs =
  spawnSync("git", ["lfs", "version"]).status === 0
    ? null
    : "git-lfs is not installed (apt-get install git-lfs)";

describe("large files, with the real git-lfs and a remote that holds them", () => {
  // Filters as `git lfs install` puts them into a user's or a runner's configuration.
  beforeEach((context) => {
    if (noLfs !== null) context.skip(noLfs);
    const config = join(temporaryFolder(), "gitconfig");
    vi.stubEnv("GIT_CONFIG_NOSYSTEM", "1");
    vi.stubEnv("GIT_CONFIG_GLOBAL", config);
    execFileSync("git", ["lfs", "install", "--skip-repo"], { stdio: "ignore" });
    execFileSync("git", ["config", "--global", "protocol.file.allow", "always"]);
  });

  /** A remote with two commits, whose large file says "one" and then "two". */
  function publish(): { remote: string; author: MadeUpRepository; one: string; two: string } {
    const remote = join(temporaryFolder(), "origin.git");
    execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", remote]);
    const author = new MadeUpRepository();
    author.write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
    const one = author.commit("one", "data.bin");
    const two = author.commit("two", "data.bin");
    author.git("remote", "add", "origin", `file://${remote}`);
    author.git("push", "--quiet", "origin", "main");
    return { remote, author, one, two };
  }

  function clone(remote: string, skipSmudge: boolean): string {
    const folder = join(temporaryFolder(), "clone");
    const env = { ...process.env, GIT_LFS_SKIP_SMUDGE: skipSmudge ? "1" : "0" };
    execFileSync("git", ["clone", "--quiet", `file://${remote}`, folder], { env, stdio: "ignore" });
    return folder;
  }

  test("large files are those of each revision where the user has them; the work tree is left as it is", async () => {
    const { remote, one, two } = publish();
    const mine = clone(remote, false);
    const before = fingerprint(mine);
    expect(read(await checkedOut(mine, commit(one)), "data.bin")).toBe("one");
    expect(read(await checkedOut(mine, commit(two)), "data.bin")).toBe("two");
    expect(fingerprint(mine)).toBe(before);
  });

  test("large files are not asked for where the user has pointers, even when the remote is gone", async () => {
    const { remote, one } = publish();
    const mine = clone(remote, true);
    rmSync(remote, { recursive: true });
    expect(read(await checkedOut(mine, commit(one)), "data.bin")).toMatch(
      /^version https:\/\/git-lfs\.github\.com/,
    );
  });

  test("large files that the remote lacks are an error with what to do, and no worktree is left", async () => {
    const { remote, one } = publish();
    const mine = clone(remote, false);
    rmSync(join(remote, "lfs"), { recursive: true });
    await expect(checkedOut(mine, commit(one))).rejects.toMatchObject({
      name: "TailgateError",
      message: expect.stringMatching(/^1 LFS file could not be fetched, such as "data\.bin": ./) as unknown,
      hint: expect.stringContaining("credentials") as unknown,
    });
    const worktrees = execFileSync("git", ["worktree", "list"], { cwd: mine, encoding: "utf8" });
    expect(worktrees.trim().split("\n")).toHaveLength(1);
  });

  test("large files of a submodule are there as well", async () => {
    const { remote } = publish();
    const outer = new MadeUpRepository();
    outer.git("submodule", "--quiet", "add", `file://${remote}`, "lib/inner");
    const made = await checkedOut(outer.root, commit(outer.commit("outer")));
    expect(read(made, "lib/inner/data.bin")).toBe("two");
  });
});
