import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import {
  changesBetween,
  listTree,
  snapshotTree,
  walkTree,
} from "../../../src/service/integrity/tree-snapshot.js";
import { temporaryFolder } from "../../parts/temporary-folder.js";

function tree(): string {
  const folder = temporaryFolder();
  for (const path of ["src/deep", ".git/objects", "empty"])
    mkdirSync(join(folder, path), { recursive: true });
  for (const path of ["a file", "src/é\n1", "src/deep/x", ".git/HEAD"])
    writeFileSync(join(folder, path), "1");
  symlinkSync("/nowhere", join(folder, "link"));
  execFileSync("mkfifo", ["-m", "640", join(folder, "fifo")]);
  return folder;
}

test("find and our own walk see the same entries with the same stamps", async () => {
  const folder = tree();
  const listed = await listTree(folder);
  expect(listed).not.toBeNull();
  expect([...listed!].sort()).toEqual([...(await walkTree(folder))].sort());
  expect([...listed!.keys()].sort()).toEqual(
    [".", "a file", "empty", "fifo", "link", "src", "src/deep", "src/deep/x", "src/é\n1"].sort(),
  );
});

test.each([
  [
    "another content of the same length",
    (path: string) => {
      writeFileSync(path, "2");
    },
    "changed",
  ],
  [
    "another file in its place",
    (path: string) => {
      writeFileSync(`${path}~`, "1");
      renameSync(`${path}~`, path);
    },
    "changed",
  ],
  [
    "its end",
    (path: string) => {
      rmSync(path);
    },
    "removed",
  ],
] as const)("%s is seen, though the time of change was set back", async (_, change, kind) => {
  const folder = tree();
  const path = join(folder, "src/deep/x");
  const { atime, mtime } = statSync(path);
  const before = await snapshotTree(folder);
  change(path);
  if (kind === "changed") utimesSync(path, atime, mtime);
  const changes = changesBetween(before, await snapshotTree(folder));
  expect(changes).toContainEqual({ path: "src/deep/x", kind });
});

test("a folder that is not there is an empty tree", async () => {
  expect((await snapshotTree(join(temporaryFolder(), "none"))).size).toBe(0);
});
