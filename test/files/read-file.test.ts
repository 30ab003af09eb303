import { execFileSync } from "node:child_process";
import { chownSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readFileBounded } from "../../src/files/read-file.js";
import { temporaryFolder } from "../parts/temporary-folder.js";

const OWN = { mostBytes: 10, shared: false };
const SHARED = { mostBytes: 10, shared: true };

test("a file is read up to its bound, and refused beyond it without being read", () => {
  const path = join(temporaryFolder(), "file");
  writeFileSync(path, "0123456789");
  expect(readFileBounded(path, OWN)).toEqual({ kind: "read", bytes: Buffer.from("0123456789") });
  truncateSync(path, 2 ** 40);
  expect(readFileBounded(path, OWN)).toEqual({ kind: "refused", why: "holds more than 10 bytes" });
});

test("a pipe that nobody writes to is refused at once", () => {
  const path = join(temporaryFolder(), "pipe");
  execFileSync("mkfifo", [path]);
  expect(readFileBounded(path, OWN)).toEqual({ kind: "refused", why: "is no file" });
});

test("a folder is no file, and what is not there is absent", () => {
  const folder = temporaryFolder();
  expect(readFileBounded(folder, OWN)).toEqual({ kind: "refused", why: "is no file" });
  expect(readFileBounded(join(folder, "nothing"), OWN)).toEqual({ kind: "absent" });
});

test("a link is followed in a folder of one's own, and in a shared folder never", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "file"), "text");
  symlinkSync(join(folder, "file"), join(folder, "link"));
  expect(readFileBounded(join(folder, "link"), OWN).kind).toBe("read");
  expect(readFileBounded(join(folder, "link"), SHARED)).toEqual({ kind: "refused", why: "is a link" });
});

test.runIf(process.getuid?.() === 0)("another user's file in a shared folder is refused", () => {
  const path = join(temporaryFolder(), "file");
  writeFileSync(path, "text");
  chownSync(path, 65_534, 65_534);
  expect(readFileBounded(path, SHARED)).toEqual({ kind: "refused", why: "belongs to another user" });
  expect(readFileBounded(path, OWN).kind).toBe("read");
});
