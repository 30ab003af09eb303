import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { readCgroupCpu } from "./cgroup-cpu.js";

/** A control group that holds one arm and nothing else. */
export interface OwnCgroup {
  /** To which a process writes "0" to enter. */
  readonly procsFile: string;
  /** CPU of all that ever ran in it, ended processes included. `null` if it cannot be read. */
  cpuNs(): number | null;
  /** Its processes now, those in nested groups too. */
  pids(): number[];
  /** Ends all of them at once, where the kernel can (5.14 and newer). */
  kill(): void;
  /** Succeeds once it is empty; safe to call again. */
  remove(): boolean;
}

/** Where groups can be made: version 2 anywhere, or version 1's cpuacct. */
export interface CgroupParent {
  readonly version: 1 | 2;
  readonly folder: string;
}

export interface CgroupFiles {
  /** `/proc/PID/cgroup` */
  readonly membership: string;
  /** `/proc/self/mounts` */
  readonly mounts: string;
}

/** The folders of a process' groups: version 2 first, then that of a version 1 controller. */
export function cgroupParents(files: CgroupFiles, controller = "cpuacct"): CgroupParent[] {
  const parents: CgroupParent[] = [];
  const mounts = files.mounts.split("\n").map((line) => line.split(" "));
  for (const line of files.membership.split("\n")) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    if (controllers === "") {
      const mount = mounts.find((fields) => fields[2] === "cgroup2");
      if (mount?.[1] !== undefined) parents.unshift({ version: 2, folder: join(mount[1], path) });
    } else if (controllers.split(",").includes(controller)) {
      const mount = mounts.find(
        (fields) => fields[2] === "cgroup" && fields[3]?.split(",").includes(controller),
      );
      if (mount?.[1] !== undefined) parents.push({ version: 1, folder: join(mount[1], path) });
    }
  }
  return parents;
}

function systemParents(): CgroupParent[] {
  if (process.platform !== "linux") return [];
  try {
    return cgroupParents({
      membership: readFileSync("/proc/self/cgroup", "utf8"),
      mounts: readFileSync("/proc/self/mounts", "utf8"),
    });
  } catch {
    return [];
  }
}

/** Names of all groups that a run makes begin so. */
export function cgroupPrefix(runId: string): string {
  return `tailgate-${runId}-`;
}

/**
 * Makes a group of the given name beneath our own, or gives `null` where that is not allowed, as for an ordinary user.
 * We never ask for more rights.
 */
export function makeCgroup(name: string): OwnCgroup | null {
  for (const parent of systemParents()) {
    const folder = join(parent.folder, name);
    try {
      mkdirSync(folder);
    } catch {
      continue;
    }
    const group = ownCgroup(parent.version, folder);
    if (group.cpuNs() !== null) return group;
    group.remove();
  }
  return null;
}

/** Groups that a run left. */
export function findCgroups(prefix: string): OwnCgroup[] {
  const found: OwnCgroup[] = [];
  for (const parent of systemParents()) {
    for (const name of foldersIn(parent.folder)) {
      if (name.startsWith(prefix)) found.push(ownCgroup(parent.version, join(parent.folder, name)));
    }
  }
  return found;
}

function ownCgroup(version: 1 | 2, folder: string): OwnCgroup {
  return {
    procsFile: join(folder, "cgroup.procs"),
    cpuNs: () => readCgroupCpu({ version, folder }),
    pids: () => pidsIn(folder),
    kill() {
      try {
        if (version === 2) writeFileSync(join(folder, "cgroup.kill"), "1");
      } catch {
        // An older kernel; the processes are then ended one by one.
      }
    },
    remove() {
      for (const group of withNested(folder).reverse()) {
        try {
          rmdirSync(group);
        } catch {
          // Not empty yet, or gone already.
        }
      }
      return readOrNull(join(folder, "cgroup.procs")) === null;
    },
  };
}

/** The processes of a group and of those nested in it. */
export function pidsIn(folder: string): number[] {
  return withNested(folder).flatMap((group) =>
    (readOrNull(join(group, "cgroup.procs")) ?? "")
      .split("\n")
      .filter((line) => line !== "")
      .map(Number),
  );
}

function withNested(folder: string): string[] {
  return [folder, ...foldersIn(folder).flatMap((name) => withNested(join(folder, name)))];
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
