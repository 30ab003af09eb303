import { readFileSync, readlinkSync } from "node:fs";

import { isRunning, readStat } from "./proc.js";

/**
 * Where a pid means something: this boot of this machine, in this pid namespace. A container that shares our temporary
 * folder has other pids.
 */
export interface Whereabouts {
  readonly boot: string | null;
  readonly pidNamespace: string | null;
}

export function whereabouts(): Whereabouts {
  return {
    boot: attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
    pidNamespace: attempt(() => readlinkSync("/proc/self/ns/pid")),
  };
}

/** Start time of a living process, which with its pid names it for good; `null` if there is none or it is not told. */
export function startTimeOf(pid: number): number | null {
  return readStat(pid)?.startTime ?? null;
}

/** Whether this very process still lives. Where start times are not told, whether any process has the pid. */
export function lives(pid: number, startTime: number | null): boolean {
  if (process.platform === "linux") {
    const stat = readStat(pid);
    return isRunning(stat) && (startTime === null || stat.startTime === startTime);
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
