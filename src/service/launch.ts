import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

import { TailgateError } from "../error.js";
import { awaitReady } from "./await-ready.js";
import { cgroupPrefix, makeCgroup } from "./cgroup.js";
import { endMembers } from "./end-members.js";
import { childEnvironment, markOf, withPort } from "./environment.js";
import { folderInside } from "./inside.js";
import { LogFile } from "./log-file.js";
import { membersOf } from "./members.js";
import { listeningPorts, ownershipOf, type Ownership } from "./ownership.js";
import { isPortFree, releasePort, requireFreePort, takeFreePort } from "./port.js";
import { readStat } from "./proc.js";
import { isReadyStatus, probe } from "./readiness.js";
import { redact, secretsOf } from "./redact.js";
import type { LaunchOptions, RunningService, StopReport } from "./service.js";
import { spawnCommand } from "./spawn-command.js";
import { usageOnThisSystem } from "./system.js";
import { Watch } from "./watch.js";

interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

let launches = 0;

/**
 * Starts an arm and waits until it serves.
 *
 * @throws TailgateError `service` with the end of its output when it ends or is not ready in time, when its port is
 * taken, or when its folder leads out of the checkout. Nothing is left running then.
 */
export async function launch(options: LaunchOptions): Promise<RunningService> {
  options.signal?.throwIfAborted();
  const { arm, service } = options;
  const began = performance.now();
  const launchNumber = ++launches;
  const cwd = await folderInside(options.checkout, service.cwd);
  if (service.port !== null) await requireFreePort(service.port);
  const port = service.port ?? (await takeFreePort(options.random ?? Math.random));

  const mark = markOf(options.runId, arm, launchNumber);
  const environment = childEnvironment({ environment: options.environment, added: service.env, mark, port });
  const secrets = secretsOf(environment);
  await mkdir(dirname(options.logFile), { recursive: true });
  const log = new LogFile(options.logFile);
  const tail = (lines?: number): string => redact(log.tail(lines), secrets);

  const cgroup = makeCgroup(`${cgroupPrefix(options.runId)}${process.pid}-${launchNumber}`);
  const child = await spawnCommand({
    command: withPort(service.start, port),
    cwd,
    environment,
    output: log.descriptor,
    processors: options.processors,
    cgroupProcsFile: cgroup?.procsFile ?? null,
  }).catch((error: unknown) => {
    log.close();
    cgroup?.remove();
    if (service.port === null) releasePort(port);
    throw error;
  });
  options.onSpawn?.({ pid: child.pid, startTime: readStat(child.pid)?.startTime ?? null });

  const members = membersOf(child.pid, mark, cgroup);
  let stopping: Promise<StopReport> | null = null;
  let exit: Exit | null = null as Exit | null;
  let settleExited: (how: Exit) => void;
  const exited = new Promise<Exit>((resolve) => {
    settleExited = resolve;
  });
  /** A command that ends well and leaves processes behind has put itself into the background, as some servers do. */
  const inBackground = (): boolean => exit?.code === 0 && members.running().length > 0;
  const gone = (): string | null => {
    if (exit === null || inBackground()) return null;
    return exit.signal === null ? `exited with code ${exit.code ?? 0}` : `was ended by ${exit.signal}`;
  };
  const watch = new Watch(members, cgroup, log, () => {
    if (exit !== null && stopping === null) settleExited(exit);
  });
  child.once("exit", (code, signal) => {
    exit = { code, signal };
    if (stopping === null && !inBackground()) settleExited(exit);
  });

  const stop = async (): Promise<StopReport> => {
    const stopBegan = performance.now();
    watch.end();
    const ending = await endMembers(members);
    cgroup?.remove();
    const portFree = await isPortFree(port);
    if (service.port === null) releasePort(port);
    log.close();
    return { durationMs: performance.now() - stopBegan, portFree, ...ending };
  };
  const stopOnce = (): Promise<StopReport> => (stopping ??= stop());

  const path = service.ready.path ?? "/";
  const unavailable = usageOnThisSystem(process.platform);
  const ownership = (): Ownership =>
    unavailable === null ? ownershipOf(port, members.running()) : { kind: "own" };
  let host: string;
  try {
    host = await awaitReady(arm, {
      path,
      timeoutMs: service.ready.timeoutMs,
      isReady: (status) => isReadyStatus(status, options.readyStatus, service.ready.path !== null),
      port,
      probe: (timeoutMs) => probe(port, path, timeoutMs),
      ownership,
      ended: gone,
      logTail: () => tail(),
      listeningPorts: () => (unavailable === null ? listeningPorts(members.running()) : []),
      signal: options.signal,
    });
  } catch (error) {
    await stopOnce();
    throw error;
  }

  return {
    arm,
    host,
    port,
    pid: child.pid,
    startedInMs: performance.now() - began,
    usageUnavailable: unavailable,
    exited,
    usage: () =>
      Promise.resolve(unavailable === null ? watch.usage() : { cpuNs: null, peakResidentBytes: null }),
    health: () => {
      const ended = gone();
      const owner = ownership();
      return Promise.resolve({
        alive: ended === null,
        ownsPort: owner.kind === "own",
        reason:
          ended ?? (owner.kind === "own" ? null : owner.kind === "foreign" ? owner.reason : `nothing listens on port ${port}`),
      });
    },
    stop: stopOnce,
    logTail: (lines) => Promise.resolve(tail(lines)),
  };
}

/** A service that could not be stopped makes every later figure of this machine doubtful. */
export function requireStopped(arm: string, report: StopReport): void {
  if (report.left.length === 0 && report.portFree) return;
  const what = report.left.length > 0 ? `processes ${report.left.join(", ")} are left` : "its port is still taken";
  throw new TailgateError(
    "service",
    `${arm}: the service could not be stopped: ${what}`,
    "Let the start command run as the same user as the job, and in the foreground.",
  );
}
