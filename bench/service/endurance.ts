import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { checkout } from "../../src/git/checkout.js";
import { openRepository } from "../../src/git/repository.js";
import { makeSharedClone } from "../../src/git/clone-of-objects.js";
import { cgroupPrefix, findCgroups } from "../../src/service/meter/cgroup.js";
import { launch } from "../../src/service/lifecycle/launch.js";
import { openRunFolder } from "../../src/service/clean-up/run-folder.js";
import { findOrphanedProcesses } from "../../src/service/process/orphaned-processes.js";
import { SERVER, spread, withProgram } from "./made-up.js";

const LAUNCHES = 200;

/** Launches in a row, each from a checkout of its own: what is left, and whether we grow. */
export async function measureEndurance(): Promise<void> {
  setFlagsFromString("--expose-gc");
  // Machine code that V8 makes as functions get hot is on the heap too, and would hide what we keep ourselves.
  for (const flag of ["--no-opt", "--no-maglev", "--no-sparkplug"]) setFlagsFromString(flag);
  const collect = runInNewContext("gc") as () => void;
  const heap = (): string => {
    collect();
    const { heapUsed, rss } = process.memoryUsage();
    return `heap ${(heapUsed / 1024 / 1024).toFixed(2)} MiB, resident ${(rss / 1024 / 1024).toFixed(0)} MiB`;
  };
  await withProgram(SERVER, async (options) => {
    const git = (...args: string[]): string =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], {
        cwd: options.checkout,
        encoding: "utf8",
      });
    git("init", "--quiet");
    writeFileSync(join(options.checkout, ".gitignore"), "logs\n");
    git("add", ".");
    git("commit", "--quiet", "-m", "one");
    const sha = git("rev-parse", "HEAD").trim();
    const folder = openRunFolder({ parent: tmpdir(), runId: options.runId });
    const repository = await openRepository(options.checkout);
    const clone = await makeSharedClone(repository, folder.sharedClone);
    const counts = (): Record<string, number> => ({
      descriptors: readdirSync("/proc/self/fd").length,
      strays: findOrphanedProcesses(options.runId, []).length,
      groups: findCgroups(cgroupPrefix(options.runId)).length,
      worktrees: git("worktree", "list").trim().split("\n").length - 1,
      runFolders: readdirSync(tmpdir()).filter((name) => name === `tailgate-${options.runId}`).length,
    });
    const stoppedMs: number[] = [];
    const began = performance.now();
    for (let n = 0; n < LAUNCHES; n++) {
      const arm = await checkout(
        repository,
        clone,
        { sha, label: "base", dirty: false },
        { folder: folder.checkout("base") },
      );
      const service = await launch({
        ...options,
        checkout: arm.path,
        logFile: folder.log("base"),
        onSpawn: folder.noteProcess,
      });
      const report = await service.stop();
      if (report.left.length > 0 || !report.portFree) throw new Error(JSON.stringify(report));
      stoppedMs.push(report.durationMs);
      await arm.dispose();
      if (n === 9 || n === 49 || n === 99 || n === LAUNCHES - 1)
        console.log(`after ${n + 1}: ${heap()}; ${JSON.stringify(counts())}`);
    }
    await folder.dispose();
    console.log(`at the end: ${JSON.stringify(counts())}`);
    console.log(
      `${LAUNCHES} launches in ${((performance.now() - began) / 1000).toFixed(0)} s, stopped after ${spread(stoppedMs, "ms")}`,
    );
  });
}
