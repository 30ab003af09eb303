import { dirname } from "node:path";

import { awaitReady } from "./await-ready.js";
import {
  containerImages,
  heedsTerm,
  keptTo,
  removeAll,
  removeContainers,
  type ContainerImage,
  type ContainerName,
} from "../container/container.js";
import { containerMeter } from "../container/container-meter.js";
import { startLineOf } from "../container/start-line.js";
import type { Exit } from "../process/exit.js";
import { folderInside } from "../../files/folder-inside.js";
import { makeFolder } from "../../files/make-folder.js";
import { noMeter, treeMeter } from "../meter/meter.js";
import { listeningPorts, type Ownership } from "../process/port-ownership.js";
import { isRunning, readStat } from "../process/proc.js";
import { intruderOn } from "./intruder.js";
import { portPlace, socketPlace, type ListeningPlace } from "./listening-place.js";
import { probe } from "./readiness.js";
import { readyQuestion } from "./ready-question.js";
import type { LaunchOptions, RunningService, StopReport } from "./running-service.js";
import { startCommand, type StartedCommand } from "../process/started-command.js";
import { refuseUnsupportedSystem, usageOnThisSystem } from "./supported-system.js";
import { watch } from "../meter/watch.js";
import { loadedFiles } from "../integrity/loaded-files.js";

/**
 * Starts an arm and waits until it serves.
 *
 * @throws TailgateError `service` with the end of its output when it ends or is not ready in time, when its port is
 * taken, or when its folder leads out of the checkout. Nothing is left running then.
 */
export async function launch(options: LaunchOptions): Promise<RunningService> {
  refuseUnsupportedSystem(process.platform);
  options.signal?.throwIfAborted();
  const { arm, service } = options;
  const began = performance.now();
  const cwd = await folderInside(options.checkout, service.cwd);
  makeFolder(dirname(options.logFile));
  const place =
    service.socket === true
      ? socketPlace(options.socketFolder ?? dirname(options.logFile))
      : await portPlace(service.port, options.random);
  const { started, container } = await start(options, cwd, place).catch((error: unknown) => {
    place.release();
    throw error;
  });
  const unreadable = usageOnThisSystem(process.platform);
  let meter =
    unreadable === null ? treeMeter(started.members, started.cgroup, started.pid) : noMeter(unreadable);
  const life = lifeOf(started, () => meter.usage().peakResidentBytes);
  const intruder = intruderOn(place, () => ownership());
  const endWatch = watch(
    () => meter,
    started.log,
    () => {
      life.look();
      intruder.look();
    },
  );
  const stopOnce = once(() => {
    endWatch();
    life.stopping();
    return stop(started, place, container, options.graceMs);
  });
  // A container's port is held by its engine, and other systems do not tell who holds one. There it suffices that the
  // port was free before.
  const seen = container === null && unreadable === null;
  const ownership = (at?: string): Ownership =>
    seen ? place.ownership(started.members.running(), at) : { kind: "own" };

  // The processes that run already are examined now, so that it takes no time after the first response.
  started.members.look();
  const question = readyQuestion(service, options.readyStatus);
  let host: string;
  try {
    host = await awaitReady(arm, {
      timeoutMs: service.ready.timeoutMs,
      place: place.words,
      port: place.socketPath === null ? place.port : null,
      probe: (timeoutMs) => probe(place, question, timeoutMs),
      ownership,
      ended: life.ended,
      logTail: () => started.tail(),
      listeningPorts: () => (seen ? listeningPorts(started.members.running()) : []),
      signal: options.signal,
    });
    const startedInMs = performance.now() - began;
    let { processors } = options;
    if (seen) intruder.begin();
    if (container !== null) {
      if (processors !== null && !(await keptTo(container, processors))) processors = null;
      meter = await containerMeter(container);
    }
    return {
      arm,
      host,
      port: place.port,
      socketPath: place.socketPath,
      tls: service.tls ?? false,
      pid: started.pid,
      processors,
      startedInMs,
      usageUnavailable: meter.unavailable,
      exited: life.exited,
      usage: () => Promise.resolve(meter.usage()),
      processes: () => started.members.running(),
      program: async () => ({
        files: loadedFiles(started.members.running()),
        images: await imagesOf(container),
      }),
      async health() {
        await life.noticed();
        const found = intruder.found();
        return healthOf(
          life.ended(),
          found === null ? ownership() : { kind: "foreign", reason: found },
          place,
        );
      },
      stop: stopOnce,
      logTail: (lines) => Promise.resolve(started.tail(lines)),
    };
  } catch (error) {
    await stopOnce();
    throw error;
  }
}

async function start(
  options: LaunchOptions,
  cwd: string,
  place: ListeningPlace,
): Promise<{ readonly started: StartedCommand; readonly container: ContainerName | null }> {
  const { command, added, container } = startLineOf(
    { ...options, container: options.container ?? null },
    place,
  );
  const started = await startCommand({
    runId: options.runId,
    what: options.arm,
    command,
    cwd,
    environment: options.environment,
    added,
    place,
    processors: options.processors,
    logFile: options.logFile,
    cgroup: options.cgroup ?? true,
    onSpawn: options.onSpawn,
  });
  return { started, container };
}

async function stop(
  started: StartedCommand,
  place: ListeningPlace,
  container: ContainerName | null,
  graceMs?: number,
): Promise<StopReport> {
  const began = performance.now();
  if (container !== null && !(await heedsTerm(container))) await removeContainers(container);
  const ending = await started.end(graceMs);
  if (container?.kind === "project") await removeAll(container);
  else if (container !== null) await removeContainers(container);
  const portFree = await place.isFree();
  place.release();
  return { ...ending, portFree, durationMs: performance.now() - began };
}

function healthOf(
  ended: string | null,
  owner: Ownership,
  place: ListeningPlace,
): Awaited<ReturnType<RunningService["health"]>> {
  const alive = ended === null;
  switch (owner.kind) {
    case "own":
      return { alive, ownsPort: true, reason: ended };
    case "nobody":
      return { alive, ownsPort: false, reason: ended ?? `nothing listens on ${place.words} any more` };
    case "foreign":
      return { alive, ownsPort: false, reason: ended ?? owner.reason };
  }
}

/**
 * Whether a service lives: its first process does, or that has ended with code 0 and others of its processes run on, as
 * with a server that puts itself into the background.
 */
function lifeOf(
  started: StartedCommand,
  peakResidentBytes: () => number | null,
): {
  readonly ended: () => string | null;
  readonly exited: Promise<Exit>;
  readonly look: () => void;
  /** Waits until an end that has just happened is known. */
  readonly noticed: () => Promise<void>;
  readonly stopping: () => void;
} {
  let stopped = false;
  let settle: (exit: Exit) => void;
  const exited = new Promise<Exit>((resolve) => {
    settle = resolve;
  });
  const over = (): Exit | null => {
    const exit = started.exit();
    return exit?.code === 0 && started.members.running().length > 0 ? null : exit;
  };
  const look = (): void => {
    const exit = over();
    if (exit !== null && !stopped) settle(exit);
  };
  void started.exited.then(look);
  return {
    ended: () => (over() === null ? null : started.describeExit(peakResidentBytes())),
    exited,
    look,
    async noticed() {
      // The kernel ends a process' connections a moment before Node hears of its end.
      if (process.platform === "linux" && !isRunning(readStat(started.pid))) await started.exited;
    },
    stopping() {
      stopped = true;
    },
  };
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | null = null;
  return () => (result ??= work());
}

/** `null` where the engine does not tell. */
async function imagesOf(container: ContainerName | null): Promise<readonly ContainerImage[] | null> {
  if (container === null) return [];
  const images = await containerImages(container);
  return images.length === 0 ? null : images;
}
