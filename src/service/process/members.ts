import type { OwnCgroup } from "../meter/cgroup.js";
import { MARK_VARIABLE } from "./child-environment.js";
import { isRunning, readStat, type ProcessStat } from "./proc.js";
import { ProcessTree } from "./process-tree.js";

/** All processes that come from one start, those that have left its process tree among them. */
export interface Members {
  /**
   * Looks, and gives what was read of each; empty where the system has no /proc.
   *
   * @param listed the pids of the system, where somebody has just listed them.
   */
  look(listed?: readonly number[]): ReadonlyMap<number, ProcessStat>;
  running(): number[];
  /** Looks at every process of the system afresh. */
  search(): number[];
  /** Sends a signal to all of them. */
  signal(name: "SIGTERM" | "SIGKILL"): void;
}

/** On Linux: descent, session, mark and control group. Elsewhere: the process group alone. */
export function membersOf(pid: number, mark: string, cgroup: OwnCgroup | null): Members {
  if (process.platform !== "linux") return groupOnly(pid);
  const tree = new ProcessTree(pid, { variable: MARK_VARIABLE, value: mark });
  const look = (listed?: readonly number[]): Map<number, ProcessStat> => {
    const seen = new Map(tree.refresh(listed));
    for (const member of cgroup?.pids() ?? []) {
      const stat = seen.has(member) ? null : readStat(member);
      if (stat !== null) seen.set(member, stat);
    }
    return seen;
  };
  const running = (): number[] => [...look().values()].filter(isRunning).map((stat) => stat.pid);
  return {
    look,
    running,
    search() {
      tree.forgetForeign();
      return running();
    },
    signal(name) {
      if (name === "SIGKILL") cgroup?.kill();
      const members = [...look().values()].filter(isRunning);
      // The group first and at once: a child started between listing and signal is in it too. It is named by a pid
      // that may be a stranger's once nobody of ours is in it.
      if (members.some((stat) => stat.group === pid)) send(-pid, name);
      for (const stat of members) if (stat.group !== pid || name === "SIGKILL") send(stat.pid, name);
    },
  };
}

function groupOnly(pid: number): Members {
  const running = (): number[] => (send(-pid, 0) ? [pid] : []);
  return {
    look: () => new Map(),
    running,
    search: running,
    signal: (name) => {
      send(-pid, name);
    },
  };
}

function send(pid: number, name: "SIGTERM" | "SIGKILL" | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
