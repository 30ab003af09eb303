import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { cgroupPrefix, findCgroups } from "../../src/service/meter/cgroup.js";
import { findOrphanedProcesses } from "../../src/service/process/orphaned-processes.js";
import { sweep } from "../../src/service/clean-up/sweep.js";
import { openRunFolder, readOwner, readProcesses, safeName } from "../../src/service/clean-up/run-folder.js";
import { HELLO, isAlive, newRunId, planOf } from "./made-up-services.js";
import { temporaryFolder } from "../parts/temporary-folder.js";

/** A run that checks base out, starts it with a daemon beside it, writes one finished block, and waits to be killed. */
const RUN = (root: string): string => `
import { appendFileSync } from "node:fs";
import { checkout } from "${root}/src/git/checkout.ts";
import { openRepository } from "${root}/src/git/repository.ts";
import { makeSharedClone } from "${root}/src/git/clone-of-objects.ts";
import { launch } from "${root}/src/service/lifecycle/launch.ts";
import { openRunFolder } from "${root}/src/service/clean-up/run-folder.ts";
const [parent, runId, repository, sha, service, blocks, cgroup] = process.argv.slice(2);
const folder = openRunFolder({ parent, runId });
const opened = await openRepository(repository);
const clone = await makeSharedClone(opened, folder.sharedClone);
const base = await checkout(opened, clone, { sha, label: "base", dirty: false }, { folder: folder.checkout("base") });
const running = await launch({
  arm: "base", service: JSON.parse(service), checkout: base.path, environment: process.env, logFile: folder.log("base"),
  processors: null, runId, readyStatus: [], onSpawn: folder.noteProcess, cgroup: cgroup === "true",
});
appendFileSync(blocks, JSON.stringify({ index: 0 }) + "\\n");
console.log("ready " + running.pid + " " + running.port);
setInterval(() => {}, 1000);
`;

let folderOfProgram = "";
let program = "";
const runs: ChildProcess[] = [];

beforeAll(async () => {
  folderOfProgram = mkdtempSync(join(tmpdir(), "tailgate-test-"));
  program = join(folderOfProgram, "run.mjs");
  await build({
    stdin: { contents: RUN(process.cwd()), loader: "ts", resolveDir: process.cwd() },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: program,
    logLevel: "error",
  });
});

afterAll(() => {
  rmSync(folderOfProgram, { recursive: true, force: true });
});

afterEach(() => {
  for (const run of runs.splice(0)) run.kill("SIGKILL");
});

interface Killed {
  readonly parent: string;
  readonly runId: string;
  readonly repository: string;
  readonly blocks: string;
  readonly servicePid: number;
  readonly run: ChildProcess;
}

async function startRun(start: string, cgroup: boolean): Promise<Killed> {
  const parent = temporaryFolder();
  const repository = temporaryFolder();
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], {
      cwd: repository,
      encoding: "utf8",
    });
  git("init", "--quiet", "--initial-branch=main");
  writeFileSync(join(repository, "file"), "");
  git("add", ".");
  git("commit", "--quiet", "-m", "one");
  const runId = newRunId();
  const blocks = join(temporaryFolder(), "blocks.ndjson");
  const args = [
    parent,
    runId,
    repository,
    git("rev-parse", "HEAD").trim(),
    JSON.stringify(planOf(start)),
    blocks,
  ];
  const run = spawn(process.execPath, [program, ...args, String(cgroup)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  runs.push(run);
  const ready = await new Promise<string>((resolve, reject) => {
    run.stdout.once("data", (chunk: Buffer) => {
      resolve(chunk.toString());
    });
    run.once("exit", (code) => {
      reject(new Error(`the run ended with ${code}`));
    });
  });
  return { parent, runId, repository, blocks, run, servicePid: Number(ready.split(" ")[1]) };
}

async function kill(run: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => run.once("exit", resolve));
  run.kill("SIGKILL");
  await ended;
}

// The daemon wipes its environment, so the mark is gone; the session of a noted process tells.
const DAEMON = `setsid sleep 1000 & env -i sleep 1000 & exec ${HELLO}`;

describe.each([{ cgroup: true }, { cgroup: false }])("with $cgroup for a control group", ({ cgroup }) => {
  test("a run killed in mid-block leaves nothing once the next one has swept", async () => {
    const killed = await startRun(DAEMON, cgroup);
    await kill(killed.run);
    expect(isAlive(killed.servicePid)).toBe(true);

    const [swept, ...others] = await sweep({ parent: killed.parent, runId: null });
    expect(others).toEqual([]);
    expect(swept).toEqual({
      runId: killed.runId,
      processesEnded: 3,
      processesLeft: [],
      containersRemoved: 0,
      containersLeft: [],
      folderRemoved: true,
    });
    expect(isAlive(killed.servicePid)).toBe(false);
    expect(findOrphanedProcesses(killed.runId, [])).toEqual([]);
    expect(findCgroups(cgroupPrefix(killed.runId))).toEqual([]);
    expect(readdirSync(killed.parent)).toEqual([]);
    const worktrees = execFileSync("git", ["worktree", "list"], { cwd: killed.repository, encoding: "utf8" });
    expect(worktrees.trim().split("\n")).toHaveLength(1);
    // What was measured is not ours to delete.
    expect(readFileSync(killed.blocks, "utf8")).toBe('{"index":0}\n');
  });
});

test("a run that still lives is left alone by others, and ended by its own clean-up step", async () => {
  const alive = await startRun(HELLO, false);
  expect(await sweep({ parent: alive.parent, runId: null })).toEqual([]);
  expect(isAlive(alive.servicePid)).toBe(true);
  const [swept] = await sweep({ parent: alive.parent, runId: alive.runId });
  expect(swept).toMatchObject({ processesLeft: [], folderRemoved: true });
  expect(isAlive(alive.servicePid)).toBe(false);
  expect(isAlive(alive.run.pid!)).toBe(false);
});

test("the clean-up step says what it did, and never fails the job", async () => {
  const killed = await startRun(HELLO, false);
  await kill(killed.run);
  const post = join(temporaryFolder(), "post.mjs");
  await build({
    entryPoints: ["src/post.ts"],
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: post,
    logLevel: "error",
    banner: { js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);" },
  });
  const cleanUp = (parent: string): string =>
    execFileSync(process.execPath, [post], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"], RUNNER_TEMP: parent, STATE_runId: killed.runId },
    });
  expect(cleanUp(killed.parent)).toBe(
    `Run ${killed.runId} had ended early: 2 processes ended, temporary folder and checkouts deleted.\n`,
  );
  expect(isAlive(killed.servicePid)).toBe(false);
  expect(cleanUp(killed.parent)).toBe("Nothing was left behind.\n");
  expect(cleanUp("/proc/nowhere")).toBe("Nothing was left behind.\n");
});

test("folders that are not ours, or say they are another's, are left alone", async () => {
  const parent = temporaryFolder();
  mkdirSync(join(parent, "tailgate-mine"));
  mkdirSync(join(parent, "tailgate-broken"));
  writeFileSync(join(parent, "tailgate-broken", "owner.json"), "{");
  const folder = openRunFolder({ parent, runId: newRunId() });
  const owner = JSON.parse(readFileSync(join(folder.path, "owner.json"), "utf8")) as object;
  mkdirSync(join(parent, "tailgate-liar"));
  writeFileSync(
    join(parent, "tailgate-liar", "owner.json"),
    JSON.stringify({ ...owner, pid: 1, startTime: 1 }),
  );
  expect(await sweep({ parent, runId: null })).toEqual([]);
  expect(readdirSync(parent)).toHaveLength(4);
});

test("a run in another pid namespace is left alone, one from before a restart is deleted", async () => {
  const parent = temporaryFolder();
  const plant = (change: object): string => {
    const folder = openRunFolder({ parent, runId: newRunId() });
    const owner = JSON.parse(readFileSync(join(folder.path, "owner.json"), "utf8")) as object;
    writeFileSync(join(folder.path, "owner.json"), JSON.stringify({ ...owner, pid: 999_999, ...change }));
    return folder.path;
  };
  const elsewhere = plant({ pidNamespace: "pid:[1]" });
  const before = plant({ boot: "another boot" });
  expect(await sweep({ parent, runId: null })).toHaveLength(1);
  expect(existsSync(elsewhere)).toBe(true);
  expect(existsSync(before)).toBe(false);
});

test("a run folder keeps its notes, passes over a line cut off by a crash, and goes when disposed of", async () => {
  const folder = openRunFolder({ parent: temporaryFolder(), runId: newRunId() });
  folder.noteProcess({ pid: 42, startTime: 7 });
  writeFileSync(
    join(folder.path, "processes.ndjson"),
    '{"pid":42,"startTime":7}\n{"pid":1,"startTime":1}\n{"pid":4',
  );
  expect(readProcesses(folder.path)).toEqual([{ pid: 42, startTime: 7 }]);
  expect(readOwner(folder.path)).toMatchObject({
    runId: folder.runId,
    pid: process.pid,
  });
  await folder.dispose();
  await sleep(0);
  expect(existsSync(folder.path)).toBe(false);
});

test.each([
  ["base", "base"],
  ["../../etc", /^-etc-[0-9a-f]+$/],
  ["", /^-[0-9a-f]+$/],
  ["a/b", /^a-b-[0-9a-f]+$/],
  ["a b", /^a-b-[0-9a-f]+$/],
])("an arm named %j becomes one folder of ours", (name, expected) => {
  expect(safeName(name)).toMatch(expected);
  expect(safeName("a/b")).not.toBe(safeName("a b"));
});

describe("what another user of the machine puts where runs note their owners", () => {
  const noted = (parent: string): { readonly path: string; readonly owner: string } => {
    const { path } = openRunFolder({ parent, runId: newRunId() });
    const file = join(path, "owner.json");
    // Of a process that is long gone: a sweep would end it and delete the folder.
    const owner = JSON.stringify({ ...(JSON.parse(readFileSync(file, "utf8")) as object), startTime: 1 });
    writeFileSync(file, owner);
    return { path, owner };
  };

  test("a pipe holds nobody", async () => {
    const parent = temporaryFolder();
    const { path } = noted(parent);
    rmSync(join(path, "owner.json"));
    execFileSync("mkfifo", [join(path, "owner.json")]);
    expect(await sweep({ parent, runId: null })).toEqual([]);
  });

  test("a file without an end is not read", async () => {
    const parent = temporaryFolder();
    const { path, owner } = noted(parent);
    truncateSync(join(path, "owner.json"), 2 ** 40);
    expect(await sweep({ parent, runId: null })).toEqual([]);
    writeFileSync(join(path, "owner.json"), owner);
    writeFileSync(join(path, "processes.ndjson"), "");
    truncateSync(join(path, "processes.ndjson"), 2 ** 40);
    expect(readProcesses(path)).toEqual([]);
    expect(await sweep({ parent, runId: null })).toHaveLength(1);
  });

  test("a link to a folder is not followed", async () => {
    const parent = temporaryFolder();
    const { path } = noted(temporaryFolder());
    symlinkSync(path, join(parent, basename(path)));
    expect(await sweep({ parent, runId: null })).toEqual([]);
    expect(existsSync(join(path, "owner.json"))).toBe(true);
  });

  test.runIf(process.getuid?.() === 0)("a folder of theirs is not looked into", async () => {
    const parent = temporaryFolder();
    const { path } = noted(parent);
    chownSync(path, 65_534, 65_534);
    expect(await sweep({ parent, runId: null })).toEqual([]);
    chownSync(path, 0, 0);
    expect(await sweep({ parent, runId: null })).toHaveLength(1);
  });
});
