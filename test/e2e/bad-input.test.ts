import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeRepository } from "./parts/repository.js";
import { commandInRepository, SERVER, type CommandInRepository } from "./parts/command-in-repository.js";

/* What goes wrong in the first five minutes: each a sentence with what to do, exit code 2, nothing left. */

let command: CommandInRepository;
beforeAll(() => {
  command = commandInRepository();
});
afterAll(() => {
  command.remove();
});

describe("before anything is started", () => {
  const table: [string, string[], RegExp][] = [
    ["no start command", ["run"], /There is no start command for base\.\n {2}Say how the service is started/],
    ["a base that does not exist", ["run", "--start", "node server.mjs", "--base", "nowhere"], /nowhere/],
    [
      "a base that is an option of git",
      ["run", "--start", "x", "--base=--upload-pack=sh"],
      /--upload-pack=sh/,
    ],
    ["a base with a newline", ["run", "--start", "x", "--base", "main\n--all"], /main/],
    ["base and head the same", ["run", "--start", "x", "--base", "change"], /same commit/],
    [
      "a budget in fortnights",
      ["run", "--start", "x", "--budget", "10 fortnights"],
      /`--budget` is `10 fortnights`/,
    ],
    ["a configuration file that is not there", ["run", "--config", "no.yml"], /`no\.yml` does not exist/],
    ["an unknown flag", ["run", "--bugdet", "5m"], /unknown option '--bugdet'/],
    ["an unknown command", ["rnu"], /unknown command 'rnu'/],
  ];
  test.each(table)("%s", async (_name, args, message) => {
    const { code, stdout, stderr } = await command.tailgate(args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("bug of Tailgate");
    expect(stdout).toBe("");
    expect(code).toBe(2);
    command.expectNothingLeft();
  });

  test("a mistyped key of tailgate.yml, by file, line and the key that was meant", async () => {
    const own = makeRepository();
    try {
      own.commit({
        "server.mjs": SERVER,
        "tailgate.yml": "service: { start: node server.mjs }\nload:\n  conections: 5\n",
      });
      own.commit({ "server.mjs": `${SERVER}// x\n` });
      const { code, stderr } = await command.tailgate(["run"], own.folder);
      expect(stderr).toContain(
        "tailgate.yml:3:3: unknown key `conections` in `load`; did you mean `connections`?",
      );
      expect(code).toBe(2);
    } finally {
      own.remove();
    }
  });

  test("outside of git", async () => {
    const { code, stderr } = await command.tailgate(["run", "--start", "x"], command.temporary);
    expect(stderr).toContain("not in a git repository");
    expect(code).toBe(2);
  });

  test("a shallow clone without the base", async () => {
    const clone = join(command.temporary, "shallow");
    execFileSync("git", [
      "clone",
      "--quiet",
      "--depth=1",
      "--branch=change",
      `file://${command.repository.folder}`,
      clone,
    ]);
    execFileSync("git", ["remote", "remove", "origin"], { cwd: clone });
    const { code, stderr } = await command.tailgate(
      ["run", "--start", "node server.mjs", "--base", "HEAD~1"],
      clone,
    );
    expect(stderr).toContain("fetch-depth");
    expect(code).toBe(2);
  });
});
