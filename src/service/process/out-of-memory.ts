import { readFileSync } from "node:fs";

/** Thousandths of the machine's memory: to the kernel a service seems to use so much more than it does. */
const ADDED = 300;
const HIGHEST = 1000;

/**
 * What to give to processes that we start, so that the kernel ends them and not us when memory is short: what was measured
 * is ours to keep. Raising it needs no rights. `null` where the system has no such thing.
 *
 * Source: proc(5), /proc/PID/oom_score_adj.
 */
export function oomScoreAdjustment(): number | null {
  const own = readOrNull("/proc/self/oom_score_adj");
  return own === null ? null : Math.min(HIGHEST, Number(own) + ADDED);
}

/** Processes that the kernel has killed for want of memory since boot, of the machine or of a control group; `null`: not told. */
export function outOfMemoryKills(): number | null {
  // Linux 4.13 and newer.
  const counted = /^oom_kill (\d+)$/m.exec(readOrNull("/proc/vmstat") ?? "");
  return counted === null ? null : Number(counted[1]);
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
