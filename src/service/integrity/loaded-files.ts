import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { basename, isAbsolute, resolve } from "node:path";

import { classPathFiles } from "./class-path.js";
import { stampOf } from "./tree-snapshot.js";

/** Files that a service's processes run or read: real path -> stamp. */
export type LoadedFiles = ReadonlyMap<string, string>;

/**
 * What processes have loaded, as the kernel tells: their executables, libraries and other files that they map without
 * writing to them, files that they hold open for reading, and scripts that their command line names.
 *
 * @param pids of a service that runs; one that ends meanwhile is passed over
 */
export function loadedFiles(pids: Iterable<number>): LoadedFiles {
  const paths = new Set<string>();
  for (const pid of pids) {
    for (const path of [executableOf(pid), ...mappedBy(pid), ...openForReading(pid), ...scriptsOf(pid)]) {
      if (path !== null) paths.add(path);
    }
  }
  return stampsOf(paths);
}

/** The stamps of those paths that are regular files, links followed once. */
export function stampsOf(paths: Iterable<string>): LoadedFiles {
  const stamps = new Map<string, string>();
  for (const path of paths) {
    try {
      if (!statSync(path).isFile()) continue;
    } catch {
      continue;
    }
    const stamp = stampOf(path);
    if (stamp !== null) stamps.set(path, stamp);
  }
  return stamps;
}

/** Loaded files that are not as they were: changed, replaced, or gone. */
export function changedFiles(loaded: LoadedFiles): string[] {
  return [...loaded].filter(([path, stamp]) => stampOf(path) !== stamp).map(([path]) => path);
}

function executableOf(pid: number): string | null {
  return linkOf(`/proc/${pid}/exe`);
}

/** Source: Documentation/filesystems/proc.rst, /proc/PID/maps: address, permissions, offset, device, inode, path. */
function mappedBy(pid: number): string[] {
  const paths: string[] = [];
  for (const line of textOf(`/proc/${pid}/maps`).split("\n")) {
    const [, permissions, path] = /^\S+ (\S{4}) \S+ \S+ [1-9]\d*\s+(\/.*)$/.exec(line) ?? [];
    // A shared mapping that is written to is data, such as a database's.
    if (path === undefined || permissions === undefined || /w.s|^.w.s/.test(permissions)) continue;
    if (!path.endsWith(" (deleted)") && !path.startsWith("/dev/")) paths.push(path);
  }
  return paths;
}

function openForReading(pid: number): string[] {
  let descriptors: string[];
  try {
    descriptors = readdirSync(`/proc/${pid}/fd`);
  } catch {
    return [];
  }
  return descriptors.flatMap((descriptor) => {
    const path = linkOf(`/proc/${pid}/fd/${descriptor}`);
    if (path === null || !isAbsolute(path) || /^\/(dev|proc|sys)\//.test(path)) return [];
    // The last octal digit of the flags is the access mode: 0 reads only.
    return /^flags:\s*0*(\d*)0$/m.test(textOf(`/proc/${pid}/fdinfo/${descriptor}`)) ? [path] : [];
  });
}

/** Words of the command line that name a file: scripts, archives, configuration; and for Java its class path. */
function scriptsOf(pid: number): string[] {
  const cwd = linkOf(`/proc/${pid}/cwd`);
  if (cwd === null) return [];
  const words = textOf(`/proc/${pid}/cmdline`).split("\0");
  const scripts = words
    .filter((word) => word !== "" && word.length < 4096 && !word.startsWith("-"))
    .map((word) => resolve(cwd, word));
  const isJava = basename(executableOf(pid) ?? "") === "java";
  return isJava ? [...scripts, ...classPathFiles(words, environmentOf(pid), cwd)] : scripts;
}

function environmentOf(pid: number): Record<string, string> {
  const lines = textOf(`/proc/${pid}/environ`).split("\0");
  return Object.fromEntries(lines.map((line) => [line.split("=", 1)[0]!, line.slice(line.indexOf("=") + 1)]));
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
