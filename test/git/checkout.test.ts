import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";

import type { Checkout, Revision } from "../../src/git/revision.js";
import { checkout, clone, fingerprint, MadeUpRepository } from "./repositories.js";
import { temporaryFolder } from "../parts/temporary-folder.js";

const checkouts: Checkout[] = [];
afterEach(async () => {
  for (const made of checkouts.splice(0)) await made.dispose();
});

const commit = (sha: string): Revision => ({ sha, label: "base", dirty: false });
const workTree = (sha: string): Revision => ({ sha, label: "work tree", dirty: true });

async function checkedOut(root: string, revision: Revision): Promise<Checkout> {
  const made = await checkout(root, revision, { folder: join(temporaryFolder(), "arm") });
  checkouts.push(made);
  return made;
}

const read = (made: Checkout, path: string): string => readFileSync(join(made.path, path), "utf8");

describe("a checkout", () => {
  test("holds the revision, and leaves work tree, index and configuration of the user alone", async () => {
    const repository = new MadeUpRepository();
    const one = repository.commit("one");
    repository.commit("two");
    repository.write("file", "uncommitted");
    repository.write("staged", "staged");
    repository.git("add", "staged");
    const before = fingerprint(repository.root);
    const made = await checkedOut(repository.root, commit(one));
    expect(read(made, "file")).toBe("one");
    await made.dispose();
    expect(fingerprint(repository.root)).toBe(before);
  });

  test("of two revisions at once, disposed of in any order, leaves no worktree behind", async () => {
    const repository = new MadeUpRepository();
    const shas = [repository.commit("one"), repository.commit("two"), repository.commit("three")];
    const made = await Promise.all(shas.map((sha) => checkedOut(repository.root, commit(sha))));
    expect(made.map((one) => read(one, "file"))).toEqual(["one", "two", "three"]);
    await Promise.all([made[1]!.dispose(), made[0]!.dispose(), made[2]!.dispose()]);
    await made[0]!.dispose();
    expect(repository.git("worktree", "list").split("\n")).toHaveLength(1);
    expect(made.some((one) => existsSync(one.path))).toBe(false);
  });

  test("runs none of the repository's hooks", async () => {
    const repository = new MadeUpRepository();
    const sha = repository.commit("one");
    const trace = join(temporaryFolder(), "trace");
    const hook = join(repository.root, ".git", "hooks", "post-checkout");
    mkdirSync(join(repository.root, ".git", "hooks"), { recursive: true });
    writeFileSync(hook, `#!/bin/sh\necho ran > ${trace}\n`);
    chmodSync(hook, 0o755);
    await checkedOut(repository.root, commit(sha));
    expect(existsSync(trace)).toBe(false);
  });

  test("is disposed of even if its folder was emptied, or its own git destroyed", async () => {
    const repository = new MadeUpRepository();
    const sha = repository.commit("one");
    const emptied = await checkedOut(repository.root, commit(sha));
    const unlinked = await checkedOut(repository.root, commit(sha));
    rmSync(emptied.path, { recursive: true });
    rmSync(join(unlinked.path, ".git"), { recursive: true });
    writeFileSync(join(unlinked.path, ".git"), "gitdir: /nowhere\n");
    await emptied.dispose();
    await unlinked.dispose();
    expect(existsSync(unlinked.path)).toBe(false);
    expect(repository.git("worktree", "list").split("\n")).toHaveLength(1);
  });

  test("of a commit that is missing is an error and leaves nothing", async () => {
    const repository = new MadeUpRepository();
    repository.commit("one");
    const folder = join(temporaryFolder(), "arm");
    await expect(checkout(repository.root, commit("1".repeat(40)), { folder })).rejects.toMatchObject({
      code: "revision",
      message: expect.stringContaining("checking out base (1111111111) failed") as unknown,
    });
    expect(existsSync(folder)).toBe(false);
    expect(repository.git("worktree", "list").split("\n")).toHaveLength(1);
  });
});

describe("a build in a checkout", () => {
  const inside = (made: Checkout, ...args: string[]): string =>
    execFileSync("git", args, { cwd: made.path, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();

  test("may set configuration, install hooks, commit and tag: the user's repository does not feel it", async () => {
    const repository = new MadeUpRepository();
    const sha = repository.commit("one");
    const before = fingerprint(repository.root);
    const made = await checkedOut(repository.root, commit(sha));
    // What husky, lefthook and pre-commit do, and more.
    inside(made, "config", "core.hooksPath", ".husky/_");
    writeFileSync(
      join(inside(made, "rev-parse", "--path-format=absolute", "--git-common-dir"), "pre-commit"),
      "",
    );
    mkdirSync(join(made.path, ".git", "hooks"), { recursive: true });
    writeFileSync(join(made.path, ".git", "hooks", "pre-commit"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    inside(made, "tag", "built");
    inside(made, "update-ref", "refs/heads/main", "HEAD");
    inside(made, "worktree", "add", "--quiet", "--detach", join(temporaryFolder(), "more"), "HEAD");
    inside(made, "gc", "--quiet", "--prune=now");
    expect(fingerprint(repository.root)).toBe(before);
    expect(repository.git("fsck", "--strict")).toBe("");
  });

  test("can ask git for its version: tags and history are there", async () => {
    const repository = new MadeUpRepository();
    repository.commit("one");
    repository.git("tag", "v1.2.3");
    const made = await checkedOut(repository.root, commit(repository.commit("two")));
    expect(inside(made, "describe", "--tags")).toMatch(/^v1\.2\.3-1-g/);
    expect(inside(made, "log", "--oneline").split("\n")).toHaveLength(2);
    expect(inside(made, "status", "--porcelain")).toBe("");
  });

  test("finds no credentials", async () => {
    const repository = new MadeUpRepository();
    const sha = repository.commit("one");
    repository.git("remote", "add", "origin", "https://user:hunter2@example.com/a/b.git");
    repository.git("config", "http.https://example.com/.extraheader", "AUTHORIZATION: basic hunter3");
    repository.git("config", "credential.helper", "store --file=/hunter4");
    const made = await checkedOut(repository.root, commit(sha));
    expect(inside(made, "remote", "get-url", "origin")).toBe("https://example.com/a/b.git");
    expect(readFileSync(join(made.path, ".git", "config"), "utf8")).not.toContain("hunter");
  });
});

describe("a checkout from", () => {
  test("a sparse clone holds the same part of the tree", async () => {
    const repository = new MadeUpRepository();
    repository.write("api/a", "a");
    repository.write("web/b", "b");
    const sha = repository.commit("one");
    const mine = clone(repository.root);
    execFileSync("git", ["sparse-checkout", "set", "api"], { cwd: mine, stdio: "ignore" });
    const made = await checkedOut(mine, commit(sha));
    expect(existsSync(join(made.path, "api/a"))).toBe(true);
    expect(existsSync(join(made.path, "web"))).toBe(false);
  });

  test("a partial clone gets the blobs that are missing, and the clone is as it was", async () => {
    const repository = new MadeUpRepository();
    repository.git("config", "uploadpack.allowFilter", "true");
    const sha = repository.commit("one");
    repository.commit("two");
    const mine = clone(repository.root, "--filter=blob:none");
    const before = fingerprint(mine);
    const made = await checkedOut(mine, commit(sha));
    expect(read(made, "file")).toBe("one");
    expect(fingerprint(mine)).toBe(before);
  });

  test("a linked worktree of the user's is as good as from the repository itself", async () => {
    const repository = new MadeUpRepository();
    const sha = repository.commit("one");
    const linked = join(temporaryFolder(), "linked");
    repository.git("worktree", "add", "--quiet", "--detach", linked, "HEAD");
    expect(read(await checkedOut(linked, commit(sha)), "file")).toBe("one");
  });
});

describe("tracked files", () => {
  test("are listed with those of submodules, whatever a build has changed since", async () => {
    const repository = new MadeUpRepository();
    repository.write("src/a", "a");
    const made = await checkedOut(repository.root, commit(repository.commit("one")));
    writeFileSync(join(made.path, "built"), "built");
    expect([...(await made.trackedFiles())].sort()).toEqual(["file", "src/a"]);
  });
});

describe("a work tree with uncommitted changes", () => {
  test("is copied as it stands: changed, staged, new, deleted, linked; ignored files stay out", async () => {
    const repository = new MadeUpRepository();
    repository.write(".gitignore", "node_modules/\n");
    repository.write("gone", "x");
    repository.write("sub/kept", "kept");
    const sha = repository.commit("one");
    repository.write("file", "changed");
    repository.write("new file ü\n", "new");
    repository.write("node_modules/x", "ignored");
    repository.write("staged", "staged");
    repository.git("add", "staged");
    rmSync(join(repository.root, "gone"));
    symlinkSync("sub/kept", join(repository.root, "link"));
    const before = fingerprint(repository.root);

    const made = await checkedOut(repository.root, workTree(sha));
    expect(read(made, "file")).toBe("changed");
    expect(read(made, "new file ü\n")).toBe("new");
    expect(read(made, "staged")).toBe("staged");
    expect(read(made, "sub/kept")).toBe("kept");
    expect(readlinkSync(join(made.path, "link"))).toBe("sub/kept");
    expect(existsSync(join(made.path, "gone"))).toBe(false);
    expect(existsSync(join(made.path, "node_modules"))).toBe(false);
    expect(fingerprint(repository.root)).toBe(before);
  });
});

describe("submodules", () => {
  function withSubmodule(): {
    outer: MadeUpRepository;
    inner: MadeUpRepository;
    sha: string;
    innerSha: string;
  } {
    const inner = new MadeUpRepository();
    const innerSha = inner.commit("inner one");
    const outer = new MadeUpRepository();
    outer.git(
      "-c",
      "protocol.file.allow=always",
      "submodule",
      "--quiet",
      "add",
      `file://${inner.root}`,
      "lib/inner",
    );
    const sha = outer.commit("outer");
    return { outer, inner, sha, innerSha };
  }

  test("that the user has are there, at the commits of their revision, and the user's configuration is as it was", async () => {
    const { outer, inner, sha } = withSubmodule();
    inner.commit("inner two");
    outer.git("-C", "lib/inner", "pull", "--quiet", "origin", "main");
    const later = outer.commit("outer two");
    const before = fingerprint(outer.root);
    const [first, second] = [
      await checkedOut(outer.root, commit(sha)),
      await checkedOut(outer.root, commit(later)),
    ];
    expect(read(first, "lib/inner/file")).toBe("inner one");
    expect(read(second, "lib/inner/file")).toBe("inner two");
    expect(fingerprint(outer.root)).toBe(before);
    expect(await first.trackedFiles()).toContain("lib/inner/file");
  });

  test("at a commit the user's copy lacks are fetched", async () => {
    const { outer, inner } = withSubmodule();
    const later = inner.commit("inner two");
    outer.git("update-index", "--cacheinfo", `160000,${later},lib/inner`);
    outer.git("commit", "--quiet", "-m", "outer two");
    const made = await checkedOut(outer.root, commit(outer.git("rev-parse", "HEAD")));
    expect(read(made, "lib/inner/file")).toBe("inner two");
  });

  test("at a commit that is nowhere are an error that says how to check out", async () => {
    const { outer } = withSubmodule();
    outer.git("update-index", "--cacheinfo", `160000,${"1".repeat(40)},lib/inner`);
    outer.git("commit", "--quiet", "-m", "outer two");
    await expect(checkedOut(outer.root, commit(outer.git("rev-parse", "HEAD")))).rejects.toMatchObject({
      message: expect.stringContaining(
        'the submodule "lib/inner" could not be brought to 1111111111',
      ) as unknown,
      hint: expect.stringContaining("submodules: recursive") as unknown,
    });
    expect(outer.git("worktree", "list").split("\n")).toHaveLength(1);
  });

  test("that the user has not filled in stay empty", async () => {
    const { outer, sha } = withSubmodule();
    outer.git("submodule", "deinit", "--quiet", "--force", "lib/inner");
    rmSync(join(outer.root, ".git", "modules"), { recursive: true });
    const made = await checkedOut(outer.root, commit(sha));
    expect(readdirSync(join(made.path, "lib/inner"))).toEqual([]);
  });

  test("with uncommitted changes are copied with them", async () => {
    const { outer, sha } = withSubmodule();
    outer.write("lib/inner/file", "uncommitted");
    const made = await checkedOut(outer.root, workTree(sha));
    expect(read(made, "lib/inner/file")).toBe("uncommitted");
  });
});
