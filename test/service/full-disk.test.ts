import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";

import { checkout } from "../git/repositories.js";
import { runHook } from "../../src/service/build/hook.js";
import { launch } from "../../src/service/lifecycle/launch.js";
import { LogFile } from "../../src/service/log/log-file.js";
import { openRunFolder } from "../../src/service/clean-up/run-folder.js";
import { findOrphanedProcesses } from "../../src/service/process/orphaned-processes.js";
import { appendLine, replaceFile } from "../../src/files/atomic-write.js";
import { HELLO, launched, newRunId, node, optionsOf } from "./made-up-services.js";
import { temporaryFolder } from "../parts/temporary-folder.js";
import { mountSmallDisk, type SmallDisk } from "./small-disk.js";

const mounted = mountSmallDisk("size=8m");
const disk = mounted as SmallDisk;

afterAll(() => {
  if (!("notAllowed" in mounted)) disk.unmount();
});

const FULL = {
  name: "TailgateError",
  code: "disk",
  message: expect.stringMatching(/^the disk that holds .* is full$/) as unknown,
  hint: expect.stringContaining("Free space on that disk") as unknown,
};

let folder = "";
let folders = 0;

describe("on a disk without room", () => {
  beforeEach((context) => {
    if ("notAllowed" in mounted) context.skip(mounted.notAllowed);
    folder = join(disk.path, String(++folders));
    mkdirSync(folder);
  });
  afterEach(() => {
    disk.free();
    // What one test left must not be in the way of the next.
    if (folder !== "") rmSync(folder, { recursive: true, force: true });
  });

  test("a line is added whole or not at all, and what was there stays", async () => {
    const file = join(folder, "blocks.ndjson");
    await appendLine(file, '{"index":1}');
    await appendLine(file, '{"index":2}');
    disk.fill();
    // Longer than what is left of the last page.
    await expect(appendLine(file, `{"index":3,"more":"${"x".repeat(8192)}"}`)).rejects.toMatchObject(FULL);
    expect(readFileSync(file, "utf8")).toBe('{"index":1}\n{"index":2}\n');
    disk.free();
    await appendLine(file, '{"index":3}');
    expect(readFileSync(file, "utf8").trimEnd().split("\n")).toHaveLength(3);
  });

  test("a file is replaced whole or not at all, and nothing unfinished stays", async () => {
    const file = join(folder, "observations.json");
    await replaceFile(file, '{"cells":[]}');
    disk.fill();
    await expect(replaceFile(file, "x".repeat(100_000))).rejects.toMatchObject(FULL);
    expect(readFileSync(file, "utf8")).toBe('{"cells":[]}');
    expect(readdirSync(folder)).toEqual(["observations.json"]);
  });

  test("no run folder is opened, nor one left that does not say whose it is", () => {
    disk.fill();
    const open = (): unknown => openRunFolder({ parent: folder, runId: newRunId() });
    expect(open).toThrow(expect.objectContaining(FULL) as Error);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("a service of which no trace can be kept does not run on", async () => {
    const options = optionsOf(HELLO);
    const run = openRunFolder({ parent: folder, runId: options.runId });
    // More than one page: the first is there already.
    run.noteProcess({ pid: 1, startTime: 0 });
    disk.fill();
    const noteProcess = (): void => {
      for (;;) run.noteProcess({ pid: 1, startTime: 0 });
    };
    await expect(launch({ ...options, onSpawn: noteProcess })).rejects.toMatchObject(FULL);
    expect(findOrphanedProcesses(options.runId, [])).toEqual([]);
  });

  test("a service whose output floods its log goes on, can be stopped, and its last words can be read", async () => {
    const options = {
      ...optionsOf(`sh -c 'while :; do echo flood flood flood flood; done' & exec ${HELLO}`),
      logFile: join(folder, "service.log"),
    };
    const service = await launched(options);
    await sleep(500);
    disk.fill();
    await sleep(500);
    expect((await fetch(`http://127.0.0.1:${service.port}/`)).status).toBe(200);
    expect(await service.health()).toEqual({ alive: true, ownsPort: true, reason: null });
    expect(await service.stop()).toMatchObject({ left: [], portFree: true });
    expect(await service.logTail(3)).toContain("flood");
    expect(findOrphanedProcesses(options.runId, [])).toEqual([]);
  });

  test("a log from which a secret is taken out is closed all the same, and the secret is gone", () => {
    const log = new LogFile(join(folder, "log"), 20_000, 5000);
    execFileSync("sh", ["-c", "yes hunter2 | head -c 40000"], {
      stdio: ["ignore", log.descriptor, "ignore"],
    });
    log.trim();
    execFileSync("sh", ["-c", "yes hunter2 | head -c 10000"], {
      stdio: ["ignore", log.descriptor, "ignore"],
    });
    disk.fill();
    log.close(["r2"]); // A mask is longer than that.
    expect(readFileSync(log.path, "utf8")).not.toContain("r2");
    expect(log.tail(1)).not.toBe("");
  });

  test("a service that dies of it is told so", async () => {
    const options = { ...optionsOf(""), checkout: folder, logFile: join(temporaryFolder(), "log") };
    const start = node(`
      const { appendFileSync } = require("fs");
      require("http").createServer((q, r) => { r.end(); if (q.url === "/fill") for (;;) appendFileSync("data", Buffer.alloc(4096)); })
        .listen(process.env.PORT, "127.0.0.1")`);
    const service = await launched({ ...options, service: { ...options.service, start: `exec ${start}` } });
    await fetch(`http://127.0.0.1:${service.port}/fill`, { headers: { connection: "close" } }).catch(() => 0);
    await service.exited;
    expect((await service.health()).reason).toBe("exited with code 1; the disk of its folder is full");
    expect(await service.logTail()).toContain("ENOSPC");
    execFileSync("rm", [join(folder, "data")]);
  });

  test("a build that fills it is told so, with the end of its output", async () => {
    const building = runHook({
      kind: "build",
      arm: "head",
      command: "cat /dev/zero > artefact",
      checkout: folder,
      cwd: ".",
      environment: process.env,
      added: {},
      runId: newRunId(),
      logFile: join(temporaryFolder(), "log"),
      timeoutMs: 20_000,
    });
    await expect(building).rejects.toMatchObject({
      code: "service",
      message: expect.stringMatching(
        /^head: build exited with code 1; the disk of its folder is full\n.*\n.*No space left/,
      ) as unknown,
    });
    execFileSync("rm", [join(folder, "artefact")]);
  });

  test("no revision is checked out, the error says why, and no checkout is left", async () => {
    const repository = temporaryFolder();
    const git = (...args: string[]): string =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], {
        cwd: repository,
        encoding: "utf8",
      }).trim();
    git("init", "--quiet");
    writeFileSync(join(repository, "large"), "x".repeat(100_000));
    git("add", ".");
    git("commit", "--quiet", "-m", "one");
    disk.fill();
    const revision = { sha: git("rev-parse", "HEAD"), label: "base", dirty: false };
    await expect(checkout(repository, revision, { folder: join(folder, "base") })).rejects.toMatchObject({
      code: "revision",
      message: expect.stringContaining("No space left on device") as unknown,
      hint: expect.stringContaining("the disk has room") as unknown,
    });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("on a disk without room for another file", () => {
  const few = mountSmallDisk("size=1m,nr_inodes=6");

  afterAll(() => {
    if (!("notAllowed" in few)) few.unmount();
  });

  test("no log is opened and nothing is started", async (context) => {
    if ("notAllowed" in few) return context.skip(few.notAllowed);
    for (let n = 0; n < 5; n++) writeFileSync(join(few.path, String(n)), "");
    const options = { ...optionsOf(HELLO), logFile: join(few.path, "log") };
    await expect(launch(options)).rejects.toMatchObject(FULL);
    expect(findOrphanedProcesses(options.runId, [])).toEqual([]);
  });
});
