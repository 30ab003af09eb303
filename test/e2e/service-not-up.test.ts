import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeRepository } from "./parts/repository.js";
import { bundles } from "../parts/bundles.js";
import { commandInRepository, SERVER, type CommandInRepository } from "./parts/command-in-repository.js";
import { plainEnvironment } from "./parts/spawned.js";

/* A service that does not come up, and a run that is stopped: a sentence with what to do, logs kept, nothing left. */

let command: CommandInRepository;
beforeAll(() => {
  command = commandInRepository();
});
afterAll(() => {
  command.remove();
});

describe("when the service does not come up", () => {
  const out = (): string => join(command.temporary, "out");
  const verdictOf = (folder: string): string =>
    (JSON.parse(readFileSync(join(folder, "result.json"), "utf8")) as { verdict: string }).verdict;

  test("one that ends at once: its last words, and its log is kept", async () => {
    const start = "echo cannot find the database; exit 3";
    const { code, stderr } = await command.tailgate([
      "run",
      "--start",
      start,
      "--base",
      "main",
      "--out",
      out(),
    ]);
    expect(stderr).toContain("cannot find the database");
    expect(code).toBe(2);
    expect(verdictOf(out())).toBe("invalid");
    expect(readFileSync(join(out(), "logs/service-head.log"), "utf8")).toContain("cannot find the database");
    command.expectNothingLeft();
  });

  test("one that never gets ready: what was asked and what came back", async () => {
    const own = makeRepository();
    try {
      const config = "service: { start: sleep 100, ready: { timeout: 1s } }\n";
      own.commit({ "tailgate.yml": config });
      own.commit({ other: "x" });
      const { code, stderr } = await command.tailgate(["run", "--out", out()], own.folder);
      expect(stderr).toMatch(/was not ready within 1 s: nothing listens on port \d+/);
      expect(code).toBe(2);
      command.expectNothingLeft();
    } finally {
      own.remove();
    }
  });

  test("a fixed port that somebody else has: who it is", async () => {
    const squatter = createServer().listen(0, "127.0.0.1");
    const own = makeRepository();
    try {
      await new Promise((ready) => squatter.once("listening", ready));
      const { port } = squatter.address() as { port: number };
      own.commit({
        "tailgate.yml": `service: { start: node server.mjs, port: ${port} }\n`,
        "server.mjs": SERVER,
      });
      own.commit({ other: "x" });
      const { code, stderr } = await command.tailgate(["run", "--out", out()], own.folder);
      expect(stderr).toContain(`port ${port}`);
      expect(stderr).toContain("taken");
      expect(code).toBe(2);
    } finally {
      squatter.close();
      own.remove();
    }
  });

  test("a head that does not build is invalid; the end of the build's output is shown", async () => {
    const own = makeRepository();
    try {
      const config = "service: { build: sh build.sh, start: node server.mjs }\n";
      own.commit({ "tailgate.yml": config, "server.mjs": SERVER, "build.sh": "true\n" });
      own.commit({ "build.sh": "echo type error in line 7; exit 1\n" });
      const { code, stderr } = await command.tailgate(["run", "--out", out()], own.folder);
      expect(stderr).toContain("type error in line 7");
      expect(verdictOf(out())).toBe("invalid");
      expect(code).toBe(2);
    } finally {
      own.remove();
    }
  });

  test("a base that does not build is no baseline: head is measured alone, and the exit code is 0", async () => {
    const own = makeRepository();
    try {
      const config = (load: string): string =>
        `service: { build: sh build.sh, start: node server.mjs }\n${load}`;
      const load = "load: { requests: 20, warmup: 20, rate: 200 }\nexperiment: { budget: 15s }\n";
      own.commit({ "tailgate.yml": config(load), "server.mjs": SERVER, "build.sh": "exit 1\n" });
      own.commit({ "build.sh": "true\n" });
      const { code, stderr } = await command.tailgate(["run", "--out", out()], own.folder);
      expect(stderr).toContain("nothing to compare with");
      expect(verdictOf(out())).toBe("no-baseline");
      expect(code).toBe(0);
      command.expectNothingLeft();
    } finally {
      own.remove();
    }
  });
});

describe("interrupted", () => {
  test("SIGINT stops the services, keeps finished blocks, and they can still be judged", async () => {
    const out = join(command.temporary, "interrupted");
    const config = join(command.temporary, "small.yml");
    writeFileSync(config, "load: { requests: 20, warmup: 20, rate: 200 }\n");
    const flags = ["--config", config, "--start", "node server.mjs", "--base", "main", "--out", out];
    const child = spawn(process.execPath, [join(bundles(), "cli.js"), "run", ...flags], {
      cwd: command.repository.folder,
      env: { ...plainEnvironment(), RUNNER_TEMP: command.temporary },
      stdio: "ignore",
    });
    const code = new Promise((done) => child.once("exit", done));
    const blocks = join(out, "blocks.ndjson");
    while (!existsSync(blocks) || readFileSync(blocks, "utf8").split("\n").length < 3) {
      await new Promise((later) => setTimeout(later, 100));
    }
    child.kill("SIGINT");
    expect(await code).toBe(130);
    command.expectNothingLeft();
    const judged = await command.tailgate(["judge", join(out, "observations.json"), "--json"]);
    expect(judged.code).toBe(0);
    expect((JSON.parse(judged.stdout) as { verdict: string }).verdict).toBe("inconclusive");
  });
});
