import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";

import { checkout } from "../../src/git/checkout.js";
import type { Checkout, Revision } from "../../src/git/revision.js";
import { fingerprint, MadeUpRepository, temporaryFolder } from "./repositories.js";

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

  test("is disposed of even if its folder was emptied, or its link to git destroyed", async () => {
    const repository = new MadeUpRepository();
    const sha = repository.commit("one");
    const emptied = await checkedOut(repository.root, commit(sha));
    const unlinked = await checkedOut(repository.root, commit(sha));
    rmSync(emptied.path, { recursive: true });
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

describe("tracked files", () => {
  async function madeOfTwoFiles(): Promise<Checkout> {
    const repository = new MadeUpRepository();
    repository.write("src/a", "a");
    repository.write("src/run", "#!/bin/sh\n");
    return checkedOut(repository.root, commit(repository.commit("one")));
  }

  test.each<[string, (path: string) => void]>([
    [
      "written into",
      (path) => {
        writeFileSync(join(path, "src/a"), "b");
      },
    ],
    [
      "written into with their time set back",
      (path) => {
        const { atime, mtime } = lstatSync(join(path, "src/a"));
        writeFileSync(join(path, "src/a"), "b");
        utimesSync(join(path, "src/a"), atime, mtime);
      },
    ],
    [
      "deleted",
      (path) => {
        rmSync(join(path, "src/a"));
      },
    ],
    [
      "replaced by a link",
      (path) => {
        rmSync(join(path, "src/a"));
        symlinkSync("/etc/passwd", join(path, "src/a"));
      },
    ],
    [
      "replaced by a folder",
      (path) => {
        rmSync(join(path, "src/a"));
        mkdirSync(join(path, "src/a"));
      },
    ],
    [
      "made executable",
      (path) => {
        chmodSync(join(path, "src/a"), 0o755);
      },
    ],
  ])("that are %s are noticed", async (_, change) => {
    const made = await madeOfTwoFiles();
    const trackedFiles = await made.snapshotTrackedFiles();
    await trackedFiles.verifyUnchanged();
    change(made.path);
    await expect(trackedFiles.verifyUnchanged()).rejects.toMatchObject({
      code: "revision",
      message: expect.stringContaining('"src/a"') as unknown,
    });
  });

  test("that are merely touched, or have new ones beside them, are as they were", async () => {
    const made = await madeOfTwoFiles();
    const trackedFiles = await made.snapshotTrackedFiles();
    utimesSync(join(made.path, "src/a"), new Date(), new Date());
    writeFileSync(join(made.path, "src/new"), "built");
    await trackedFiles.verifyUnchanged();
  });

  test("that git is told to overlook are noticed all the same", async () => {
    const repository = new MadeUpRepository();
    const made = await checkedOut(repository.root, commit(repository.commit("one")));
    repository.git("-C", made.path, "update-index", "--assume-unchanged", "file");
    const trackedFiles = await made.snapshotTrackedFiles();
    writeFileSync(join(made.path, "file"), "changed");
    await expect(trackedFiles.verifyUnchanged()).rejects.toThrow('"file"');
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
    await (await made.snapshotTrackedFiles()).verifyUnchanged();
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
    const trackedFiles = await first.snapshotTrackedFiles();
    writeFileSync(join(first.path, "lib/inner/file"), "changed");
    await expect(trackedFiles.verifyUnchanged()).rejects.toThrow("lib/inner/file");
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
