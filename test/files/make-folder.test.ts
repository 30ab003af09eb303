import { existsSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../../src/files/make-folder.js";
import { temporaryFolder } from "../parts/temporary-folder.js";

test("a folder is made with all above it, and may be there already", () => {
  const path = join(temporaryFolder(), "a", "b", "c");
  makeFolder(path);
  makeFolder(path);
  expect(existsSync(path)).toBe(true);
});

test("a file or a link to nowhere in its place, or above it, is an error", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "file"), "");
  symlinkSync(join(folder, "nowhere", "at", "all"), join(folder, "dangling"));
  for (const path of ["file", "file/below", "dangling", "dangling/below"]) {
    expect(() => {
      makeFolder(join(folder, path));
    }).toThrow(/EEXIST|ENOTDIR|ENOENT/);
  }
});

test.runIf(process.platform === "linux")("where nobody can make folders, that is told at once", () => {
  expect(() => {
    makeFolder("/proc/results/of/a/run");
  }).toThrow("ENOENT");
});
