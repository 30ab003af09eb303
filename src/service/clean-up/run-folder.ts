import { appendFileSync, lstatSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

import { writeError } from "../../error.js";
import { makeFolder } from "../../files/make-folder.js";
import { readFileBounded } from "../../files/read-file.js";
import type { ContainerName } from "../container/container.js";
import { startTimeOf, whereabouts, type Whereabouts } from "../process/process-identity.js";
import type { SpawnedProcess } from "../lifecycle/running-service.js";

/** Names of all run folders begin so. */
export const RUN_FOLDER_PREFIX = "tailgate-";
const OWNER_FILE = "owner.json";
const PROCESSES_FILE = "processes.ndjson";
const CONTAINERS_FILE = "containers.ndjson";

/** An owner is one line; processes are one short line each, for some hundred launches. */
const LARGEST_BYTES = {
  [OWNER_FILE]: 4096,
  [PROCESSES_FILE]: 4 * 1024 * 1024,
  [CONTAINERS_FILE]: 4 * 1024 * 1024,
} as const;

/** Who made a run folder; what a later run or the clean-up step needs in order to tell whether it is abandoned. */
export interface Owner extends Whereabouts {
  readonly schema: "tailgate/run-folder@1";
  readonly runId: string;
  readonly pid: number;
  readonly startTime: number | null;
}

/** Everything a run puts on the disk until its results are written, in one folder that nobody else may enter. */
export interface RunFolder {
  readonly path: string;
  readonly runId: string;
  /** Where an arm's checkout is to stand. */
  checkout(arm: string): string;
  /** Where the repository is to stand that shares the user's objects. */
  readonly sharedClone: string;
  log(name: string): string;
  /** Writes down at once that a process is ours: the trace that is left if we die. */
  readonly noteProcess: (process: SpawnedProcess) => void;
  /** The same for containers, before they are made. */
  readonly noteContainers: (containers: ContainerName) => void;
  /** Deletes the folder with everything in it. */
  dispose(): Promise<void>;
}

export interface RunFolderOptions {
  readonly parent: string;
  readonly runId: string;
}

/** Where run folders are made: the runner's own temporary folder, or the system's. */
export function temporaryParent(environment: Readonly<Record<string, string | undefined>>): string {
  const runner = environment["RUNNER_TEMP"];
  return runner === undefined || runner === "" ? tmpdir() : runner;
}

/** @throws if the run id has been used, or the folder cannot be made; TailgateError `disk` where there is no room. */
export function openRunFolder(options: RunFolderOptions): RunFolder {
  const path = join(options.parent, `${RUN_FOLDER_PREFIX}${options.runId}`);
  const owner: Owner = {
    schema: "tailgate/run-folder@1",
    runId: options.runId,
    pid: process.pid,
    startTime: startTimeOf(process.pid),
    ...whereabouts(),
  };
  writing(path, () => {
    makeFolder(options.parent);
    mkdirSync(path, { mode: 0o700 });
    try {
      mkdirSync(join(path, "logs"));
      writeFileSync(join(path, OWNER_FILE), `${JSON.stringify(owner)}\n`);
    } catch (error) {
      // A folder that does not say whose it is would stay for ever.
      rmSync(path, { recursive: true, force: true });
      throw error;
    }
  });
  return {
    path,
    runId: options.runId,
    checkout: (arm) => join(path, "checkouts", safeName(arm)),
    sharedClone: join(path, "clone-of-objects"),
    log: (name) => join(path, "logs", `${safeName(name)}.log`),
    noteProcess(spawned) {
      writing(path, () => {
        appendFileSync(join(path, PROCESSES_FILE), `${JSON.stringify(spawned)}\n`);
      });
    },
    noteContainers(containers) {
      if (readContainers(path).some((noted) => isDeepStrictEqual(noted, containers))) return;
      writing(path, () => {
        appendFileSync(join(path, CONTAINERS_FILE), `${JSON.stringify(containers)}\n`);
      });
    },
    dispose: () => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  };
}

function writing(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw writeError(error, path);
  }
}

/** Arms and scenarios are named by people: one name, one file, nothing that leads elsewhere. */
export function safeName(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9_-]+/g, "-").slice(0, 60);
  if (plain === name && plain !== "") return plain;
  // Names that differ only in what was replaced must not share a file.
  let hash = 5381;
  for (const character of name) hash = ((hash * 33) ^ character.codePointAt(0)!) >>> 0;
  return `${plain}-${hash.toString(16)}`;
}

/**
 * The owner of a run folder; `null` if it is none of ours. Run folders lie where other users may write: who made a folder
 * is asked before anything in it is opened.
 */
export function readOwner(path: string): Owner | null {
  if (!isOwnFolder(path)) return null;
  const text = textIn(path, OWNER_FILE);
  if (text === null) return null;
  try {
    const owner = JSON.parse(text) as Record<keyof Owner, unknown>;
    const { schema, runId, pid } = owner;
    if (schema !== "tailgate/run-folder@1" || !Number.isInteger(pid)) return null;
    return typeof runId === "string" && /^[\w-]+$/.test(runId) ? (owner as Owner) : null;
  } catch {
    return null;
  }
}

/** The processes noted in a run folder; a line that was cut off by a crash is passed over. */
export function readProcesses(path: string): SpawnedProcess[] {
  return readLines(path, PROCESSES_FILE, (line) => {
    const { pid, startTime } = line as SpawnedProcess;
    return Number.isInteger(pid) && pid > 1 ? { pid, startTime } : null;
  });
}

/** The containers noted in a run folder. */
export function readContainers(path: string): ContainerName[] {
  return readLines(path, CONTAINERS_FILE, (line) => {
    const { tool, kind, value } = line as ContainerName;
    const known = ["docker", "podman"].includes(tool) && ["name", "project", "run"].includes(kind);
    return known && /^[\w.-]+$/.test(value) ? { tool, kind, value } : null;
  });
}

function readLines<T>(
  path: string,
  name: keyof typeof LARGEST_BYTES,
  read: (line: unknown) => T | null,
): T[] {
  const text = isOwnFolder(path) ? textIn(path, name) : null;
  return (text ?? "").split("\n").flatMap((line) => {
    try {
      const value = read(JSON.parse(line));
      return value === null ? [] : [value];
    } catch {
      return [];
    }
  });
}

function textIn(path: string, name: keyof typeof LARGEST_BYTES): string | null {
  const read = readFileBounded(join(path, name), { mostBytes: LARGEST_BYTES[name], shared: true });
  return read.kind === "read" ? read.bytes.toString("utf8") : null;
}

/** A folder, no link to one, that this user made. */
function isOwnFolder(path: string): boolean {
  try {
    const stats = lstatSync(path);
    return stats.isDirectory() && (process.getuid === undefined || stats.uid === process.getuid());
  } catch {
    return false;
  }
}
