import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { runHook, type HookOptions } from "../../src/service/build/hook.js";
import { endRun } from "../../src/service/clean-up/sweep.js";
import { findOrphanedProcesses } from "../../src/service/process/orphaned-processes.js";
import { isAlive, newRunId } from "./made-up-services.js";
import { temporaryFolder } from "../parts/temporary-folder.js";

function hook(command: string, more: Partial<HookOptions> = {}): HookOptions {
  const checkout = temporaryFolder();
  return {
    kind: "build",
    arm: "head",
    command,
    checkout,
    cwd: ".",
    environment: process.env,
    added: {},
    runId: newRunId(),
    logFile: join(checkout, "logs", "build.log"),
    timeoutMs: 20_000,
    ...more,
  };
}

describe("a build", () => {
  test("a build that ends well is reported with its log", async () => {
    const options = hook("echo one; echo two >&2");
    const report = await runHook(options);
    expect(report.logTail).toBe("one\ntwo");
    expect(readFileSync(report.logFile, "utf8")).toBe("one\ntwo\n");
  });

  test("a build runs in its folder, with service.env and without the action's variables", async () => {
    const options = hook("pwd; env | sort", {
      cwd: "api",
      environment: {
        PATH: process.env["PATH"],
        INPUT_START: "x",
        ACTIONS_RUNTIME_TOKEN: "x",
        GITHUB_TOKEN: "x",
        CI: "true",
      },
      added: { LEVEL: "warn" },
    });
    mkdirSync(join(options.checkout, "api"));
    const lines = (await runHook(options)).logTail.split("\n");
    expect(lines[0]).toBe(join(options.checkout, "api"));
    expect(lines).toContain("CI=true");
    expect(lines).toContain("LEVEL=warn");
    expect(lines.filter((line) => /^(INPUT_|ACTIONS_|GITHUB_|PORT=)/.test(line))).toEqual([]);
  });

  test("a build that fails is an error with its exit code, its command and the end of its log", async () => {
    const failing = runHook(hook("echo compiling; echo 'src/a.c:1: error' >&2; exit 3"));
    await expect(failing).rejects.toMatchObject({
      name: "TailgateError",
      code: "service",
      message: "head: build exited with code 3\nThe end of its output:\ncompiling\nsrc/a.c:1: error",
      hint: expect.stringContaining("exit 3") as unknown,
    });
  });

  test("a build that runs for ever is ended at its time limit, with its children", async () => {
    const options = hook("sleep 1000 & setsid sleep 1000 & sleep 1000", { timeoutMs: 300 });
    await expect(runHook(options)).rejects.toThrow("head: build did not end within 0.3 s");
    expect(findOrphanedProcesses(options.runId, [])).toEqual([]);
  });

  test("a build that is cancelled is ended and rejects with the reason", async () => {
    const cancel = new AbortController();
    const options = hook("sleep 1000", { signal: cancel.signal });
    const running = runHook(options);
    setTimeout(() => {
      cancel.abort(new Error("SIGINT"));
    }, 100);
    await expect(running).rejects.toThrow("SIGINT");
    expect(findOrphanedProcesses(options.runId, [])).toEqual([]);
  });

  test("what a build leaves running is ended with it", async () => {
    const options = hook("setsid sleep 1000 & exit 0");
    await runHook(options);
    expect(findOrphanedProcesses(options.runId, [])).toEqual([]);
  });

  test("secrets in the output of a build are masked, in what is printed and in the log that stays", async () => {
    const report = await runHook(
      hook("echo $API_KEY; echo postgres://u:pa55word@db/x", { added: { API_KEY: "s3cr3t-value" } }),
    );
    expect(report.logTail).toBe("***\npostgres://u:***@db/x");
    expect(readFileSync(report.logFile, "utf8")).toBe("***\npostgres://u:***@db/x\n");
  });
});

test("what setup leaves running lives until the run is ended", async () => {
  const options = hook("setsid sleep 1000 & echo $! > db.pid", { kind: "setup" });
  await runHook(options);
  const [database] = findOrphanedProcesses(options.runId, []);
  expect(isAlive(database!)).toBe(true);
  expect(await endRun({ runId: options.runId, path: options.checkout })).toEqual([]);
  expect(isAlive(database!)).toBe(false);
});
