import { describe, expect, test } from "vitest";

import { sharedProgram } from "../../../src/service/integrity/shared-program.js";

const loaded = (...paths: string[]): Map<string, string> =>
  new Map(paths.map((path) => [path, `of ${path}`]));
const of = (arm: string, ...paths: string[]) => ({ folder: `/run/${arm}`, loaded: loaded(...paths) });

describe("both arms run one program", () => {
  test.each<[string, string[], string]>([
    ["a script in a shared output folder", ["/usr/bin/node", "/target/app.js"], "/target/app.js"],
    ["an installed executable", ["/usr/local/bin/api", "/lib/libc.so.6"], "/usr/local/bin/api"],
    ["a jar in a local repository", ["/usr/bin/java", "/root/.m2/api.jar"], "/root/.m2/api.jar"],
  ])("%s", (_, paths, program) => {
    expect(sharedProgram(of("base", ...paths), of("head", ...paths))).toBe(program);
  });
});

describe("two programs that share what every machine shares", () => {
  test.each<[string, string[], string[]]>([
    [
      "a runtime, with scripts of their own",
      ["/usr/bin/node", "/run/base/server.js"],
      ["/usr/bin/node", "/run/head/server.js"],
    ],
    [
      "an application server, with a package of their own",
      ["/usr/bin/python3.11", "/venv/bin/gunicorn", "/run/base/app.py"],
      ["/usr/bin/python3.11", "/venv/bin/gunicorn"],
    ],
    [
      "a runtime that does not tell its scripts",
      ["/usr/bin/ruby", "/usr/bin/puma"],
      ["/usr/bin/ruby", "/usr/bin/puma"],
    ],
    [
      "a server with a configuration of their own",
      ["/usr/sbin/nginx", "/run/base/nginx.conf"],
      ["/usr/sbin/nginx", "/run/head/nginx.conf"],
    ],
    [
      "the system's libraries only",
      ["/target/base/api", "/lib/libc.so.6"],
      ["/target/head/api", "/lib/libc.so.6"],
    ],
  ])("%s", (_, base, head) => {
    expect(sharedProgram(of("base", ...base), of("head", ...head))).toBeNull();
  });

  test("a file at the same place that was replaced in between is not the same program", () => {
    const base = { folder: "/run/base", loaded: new Map([["/target/app", "inode 1"]]) };
    const head = { folder: "/run/head", loaded: new Map([["/target/app", "inode 2"]]) };
    expect(sharedProgram(base, head)).toBeNull();
  });
});
