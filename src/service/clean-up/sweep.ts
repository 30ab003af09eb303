import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { lives, whereabouts } from "../process/process-identity.js";
import { removeAll } from "../container/container.js";
import {
  readContainers,
  readOwner,
  readProcesses,
  RUN_FOLDER_PREFIX,
  type Owner,
  type RunFolder,
} from "./run-folder.js";
import { endOrphanedProcesses } from "../process/orphaned-processes.js";

/** What one abandoned run had left, and what became of it. */
export interface Swept {
  readonly runId: string;
  readonly processesEnded: number;
  /** Processes that could not be ended. */
  readonly processesLeft: readonly number[];
  /** Containers that ran on without it, or lay there. */
  readonly containersRemoved: number;
  /** Ids of containers, networks, volumes and images that could not be removed. */
  readonly containersLeft: readonly string[];
  readonly folderRemoved: boolean;
}

export interface SweepOptions {
  /** Where run folders lie. */
  readonly parent: string;
  /** Only this run, even if whoever owns it still lives: then that is ended too. `null`: all that are abandoned. */
  readonly runId: string | null;
}

/**
 * Ends and deletes what runs that died have left: processes, and folders with the checkouts in them. A run whose owner lives, or cannot be
 * seen from here, is left alone.
 */
export async function sweep(options: SweepOptions): Promise<Swept[]> {
  const swept: Swept[] = [];
  for (const name of await readdir(options.parent).catch(() => [])) {
    if (!name.startsWith(RUN_FOLDER_PREFIX)) continue;
    const path = join(options.parent, name);
    const owner = readOwner(path);
    if (owner === null || name !== `${RUN_FOLDER_PREFIX}${owner.runId}`) continue;
    if (options.runId === null ? isAbandoned(owner) : owner.runId === options.runId) {
      swept.push(await sweepOne(path, owner));
    }
  }
  return swept;
}

/**
 * Ends what a run that is still going has left running, such as what its setup started, and removes its containers.
 *
 * @returns ids of processes, containers, networks, volumes and images that are left
 */
export async function endRun({
  runId,
  path,
}: Pick<RunFolder, "runId" | "path">): Promise<readonly (number | string)[]> {
  const processes = await endOrphanedProcesses(runId, []);
  const containers = await endContainers(path);
  return [...processes.left, ...containers.left];
}

/** Those that were noted; whatever started them has ended, so that no more come. */
async function endContainers(path: string): Promise<{ readonly found: number; readonly left: string[] }> {
  let found = 0;
  const left: string[] = [];
  for (const containers of readContainers(path)) {
    const removed = await removeAll(containers);
    found += removed.found;
    left.push(...removed.left);
  }
  return { found, left };
}

function isAbandoned(owner: Owner): boolean {
  const here = whereabouts();
  // After a restart of the machine nothing of it can live.
  if (owner.boot !== here.boot) return true;
  return owner.pidNamespace === here.pidNamespace && !lives(owner.pid, owner.startTime);
}

async function sweepOne(path: string, owner: Owner): Promise<Swept> {
  const here = whereabouts();
  const visible = owner.boot === here.boot && owner.pidNamespace === here.pidNamespace;
  const noted = visible ? [{ pid: owner.pid, startTime: owner.startTime }, ...readProcesses(path)] : [];
  const ended = visible ? await endOrphanedProcesses(owner.runId, noted) : { found: 0, left: [] };
  // After a restart of the machine containers lie there still.
  const containers = await endContainers(path);
  const folderRemoved = await rm(path, { recursive: true, force: true, maxRetries: 3 }).then(
    () => true,
    () => false,
  );
  return {
    runId: owner.runId,
    processesEnded: ended.found - ended.left.length,
    processesLeft: ended.left,
    containersRemoved: containers.found,
    containersLeft: containers.left,
    folderRemoved,
  };
}
