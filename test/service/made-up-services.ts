import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { ServicePlan } from "../../src/model/service-plan.js";
import { launch } from "../../src/service/lifecycle/launch.js";
import { isRunning, readStat } from "../../src/service/process/proc.js";
import type { LaunchOptions, RunningService } from "../../src/service/lifecycle/running-service.js";
import { temporaryFolder } from "../parts/temporary-folder.js";

let counter = 0;

/** A run id no other test has, so that orphaned processes of one test are not those of another. */
export function newRunId(): string {
  return `t${process.pid}-${++counter}`;
}

/** `node -e` of a script, quoted for the shell. */
export function node(script: string): string {
  return `${process.execPath} -e '${script.replaceAll("'", `'\\''`)}'`;
}

/** A server that answers everything with 200. */
export const HELLO = node(
  `require("http").createServer((q, r) => r.end("hello")).listen(process.env.PORT, "127.0.0.1")`,
);

export function planOf(start: string, more: Partial<ServicePlan> = {}): ServicePlan {
  return {
    build: null,
    start,
    cwd: ".",
    env: {},
    setup: null,
    reset: null,
    ready: { path: null, timeoutMs: 20_000 },
    port: null,
    buildTimeoutMs: 20_000,
    ...more,
  };
}

export function optionsOf(start: string, more: Partial<ServicePlan> = {}): LaunchOptions {
  const checkout = temporaryFolder();
  return {
    arm: "base",
    service: planOf(start, more),
    checkout,
    environment: process.env,
    logFile: join(checkout, "logs", "base.log"),
    processors: null,
    runId: newRunId(),
    readyStatus: [],
    graceMs: 1000,
  };
}

/** Launches, and stops after the test whatever happens. */
export async function launched(options: LaunchOptions): Promise<RunningService> {
  const service = await launch(options);
  onTestFinished(async () => {
    await service.stop();
  });
  return service;
}

/** Zombies are dead: who collects them is not ours to say. */
export function isAlive(pid: number): boolean {
  return isRunning(readStat(pid));
}
