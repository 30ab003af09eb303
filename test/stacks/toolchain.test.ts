import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CARGO, UV, presenceOf } from "../../bench/stacks/toolchain.js";
import { ended, plainEnvironment } from "../e2e/parts/spawned.js";
import { PROJECT_ROOT } from "../../bench/stacks/project-root.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "toolchain-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** An environment in which the only commands are these shell scripts. */
function pathWith(commands: Readonly<Record<string, string>>): Record<string, string> {
  const bin = mkdtempSync(join(folder, "bin-"));
  for (const [name, script] of Object.entries(commands)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return { PATH: bin };
}

test("a toolchain that is there is known by what it says of itself", () => {
  expect(presenceOf(UV, pathWith({ uv: "echo uv 1.2.3; echo more" }))).toEqual({
    found: true,
    version: "uv 1.2.3",
  });
});

test("a missing one is named with the command that installs it", () => {
  expect(presenceOf(UV, pathWith({}))).toEqual({
    found: false,
    because: "uv is missing; install it with `python3 -m pip install uv`",
  });
  expect(presenceOf(CARGO, pathWith({}))).toMatchObject({
    because: expect.stringContaining("rustup") as string,
  });
});

test("one that does not run says why", () => {
  expect(presenceOf(CARGO, pathWith({ cargo: "echo no default toolchain >&2; exit 1" }))).toMatchObject({
    because: expect.stringMatching(
      /^cargo does not run \(no default toolchain\); install it with `/,
    ) as string,
  });
});

describe("npm run stacks", () => {
  test("skips a stack whose toolchain is missing, says so, and does not exit as if all were measured", async () => {
    const env = {
      ...plainEnvironment(),
      ...pathWith({ node: `exec ${process.execPath} "$@"` }),
      DATABASE_URL: "postgresql://127.0.0.1:1/none",
    };
    const { code, stdout } = await ended(
      process.execPath,
      [join(PROJECT_ROOT, "scripts/bench.mjs"), "stacks", "--only", "axum,fastapi", "--out", folder],
      { cwd: PROJECT_ROOT, env },
    );
    expect(stdout).toContain("fastapi: skipped, uv is missing; install it with `python3 -m pip install uv`");
    expect(stdout).toContain("axum: skipped, cargo is missing");
    expect(code).toBe(2);
  });

  test("names the known stacks when one is not", async () => {
    const { code, stderr } = await ended(
      process.execPath,
      [join(PROJECT_ROOT, "scripts/bench.mjs"), "stacks", "--only", "django"],
      { cwd: PROJECT_ROOT, env: plainEnvironment() },
    );
    expect(stderr).toContain("there is no stack django; there are fastapi, fastapi-async, axum");
    expect(code).not.toBe(0);
  });
});
