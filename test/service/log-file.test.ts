import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { LogFile } from "../../src/service/log/log-file.js";
import { temporaryFolder } from "../parts/temporary-folder.js";

function newLog(largestBytes?: number, keptBytes?: number): LogFile {
  return new LogFile(join(temporaryFolder(), "log"), largestBytes, keptBytes);
}

test("the tail is the last lines, before and after the file is closed", () => {
  const log = newLog();
  writeSync(log.descriptor, "one\ntwo\nthree\n\n");
  expect(log.tail(2)).toBe("two\nthree");
  log.close();
  expect(log.tail(2)).toBe("two\nthree");
  log.close();
});

test("an empty log has an empty tail", () => {
  const log = newLog();
  expect(log.tail()).toBe("");
  log.close();
  expect(log.tail()).toBe("");
});

test("a file that grew too large keeps its beginning and its end, and says what is missing", () => {
  const log = newLog(1000, 100);
  writeSync(log.descriptor, `begin${"a".repeat(2000)}`);
  log.trim();
  expect(statSync(log.path).size).toBe(0);
  expect(log.tail()).toContain("aaa");
  writeSync(log.descriptor, "\nend\n");
  expect(log.tail(1)).toBe("end");
  log.close();
  const text = readFileSync(log.path, "utf8");
  expect(text).toMatch(
    /^begina+\n\[\.\.\. 2005 bytes of output in all; the middle is left out \.\.\.\]\na+\nend\n$/,
  );
  expect(text.length).toBeLessThan(300);
});

test("what an earlier command wrote into the same file stays there, and is not in the tail", () => {
  const path = join(temporaryFolder(), "log");
  writeFileSync(path, "earlier\n");
  const log = new LogFile(path);
  expect(log.tail()).toBe("");
  writeSync(log.descriptor, "now\n");
  expect(log.tail()).toBe("now");
  log.close();
  expect(readFileSync(path, "utf8")).toBe("earlier\nnow\n");
});

test("what must not stay on the disk is taken out when the file is closed", () => {
  const path = join(temporaryFolder(), "log");
  writeFileSync(path, "earlier s3cret\n");
  const log = new LogFile(path);
  writeSync(log.descriptor, "the s3cret is out\n");
  log.close(["s3cret"]);
  expect(readFileSync(path, "utf8")).toBe("earlier s3cret\nthe *** is out\n");
});

test.each([
  ["a pipe", (path: string) => execFileSync("mkfifo", [path]), "a pipe or a socket stands there"],
  [
    "a link",
    (path: string) => {
      symlinkSync("/dev/null", path);
    },
    "a link stands there",
  ],
  [
    "a folder",
    (path: string) => {
      mkdirSync(path);
    },
    "a folder stands where a file is needed",
  ],
])("%s in the place of a log is refused with a sentence, and holds nobody", (_what, make, obstacle) => {
  const path = join(temporaryFolder(), "log");
  make(path);
  expect(() => new LogFile(path)).toThrow(`${path} cannot be written: ${obstacle}`);
});

test("a secret that the cuts of a log go through is in neither part of it", () => {
  const secret = "ghs_16C7e42F292c6912E7710c838347Ae178B4a";
  for (let shift = 0; shift < 60; shift++) {
    const log = newLog(1000, 100);
    // It lies over the end of the kept beginning, and over the start of the kept end.
    writeSync(log.descriptor, `${"a".repeat(40 + shift)}${secret}${"b".repeat(1500)}`);
    log.trim();
    writeSync(log.descriptor, `${"c".repeat(1500)}${secret}${"d".repeat(39 + shift)}`);
    log.trim();
    writeSync(log.descriptor, "end");
    expect(log.tail(5, [secret])).not.toMatch(/ghs_|Ae178B4a/);
    log.close([secret]);
    const kept = readFileSync(log.path, "utf8");
    expect(kept).not.toMatch(/ghs_|8B4a/);
    expect(kept).toMatch(/^a+[\s\S]*d+end$/);
  }
});
