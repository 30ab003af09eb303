import { describe, expect, test } from "vitest";

import type { ContainerImage } from "../../../src/service/container/container.js";
import { type ArmProgram, sharedProgram } from "../../../src/service/integrity/shared-program.js";

const loaded = (...paths: string[]): Map<string, string> =>
  new Map(paths.map((path) => [path, `of ${path}`]));
const of = (arm: string, ...paths: string[]): ArmProgram => ({
  folder: `/run/${arm}`,
  loaded: { files: loaded(...paths), images: [] },
});
const inContainers = (arm: string, ...images: ContainerImage[]): ArmProgram => ({
  folder: `/run/${arm}`,
  // What runs here is the engine's own command.
  loaded: { files: loaded("/usr/bin/docker"), images },
});
const image = (id: string, ...mounted: string[]): ContainerImage => ({ id, mounted });

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
    const at = (arm: string, inode: string): ArmProgram => ({
      folder: `/run/${arm}`,
      loaded: { files: new Map([["/target/app", inode]]), images: [] },
    });
    expect(sharedProgram(at("base", "inode 1"), at("head", "inode 2"))).toBeNull();
  });
});

describe("services in containers", () => {
  test("are one program where all images of head are base's: a tag that both builds wrote", () => {
    const [base, head] = ["base", "head"].map((arm) =>
      inContainers(arm, image("sha256:db"), image("sha256:api")),
    );
    expect(sharedProgram(base!, head!)).toBe("sha256:db");
  });

  test.each([
    [
      "images of their own beside one database",
      inContainers("base", image("sha256:db"), image("sha256:1")),
      inContainers("head", image("sha256:db"), image("sha256:2")),
    ],
    [
      "one image that runs what each checkout mounts",
      inContainers("base", image("sha256:node", "/run/base")),
      inContainers("head", image("sha256:node", "/run/head/dist")),
    ],
    [
      "containers that the engine does not tell",
      inContainers("base", image("sha256:1")),
      { folder: "/run/head", loaded: { files: loaded("/usr/bin/docker"), images: null } },
    ],
    ["a container in one arm alone", inContainers("base", image("sha256:1")), of("head", "/usr/bin/docker")],
  ])("are two programs with %s", (_, base, head) => {
    expect(sharedProgram(base, head)).toBeNull();
  });
});
