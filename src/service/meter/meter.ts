import type { OwnCgroup } from "./cgroup.js";
import { CpuAccount } from "./cpu-account.js";
import { MemoryPeak, type ProcessMemory } from "./memory-peak.js";
import type { Members } from "../process/members.js";
import { readMemory, readThreadTimes, runsShell } from "../process/proc.js";
import type { Usage } from "../lifecycle/running-service.js";

/** Reads what an arm uses. */
export interface Meter {
  /** Why there is nothing to read, in words; `null` if there is. */
  readonly unavailable: string | null;
  /** A cheap look, made again and again; `pids` lists the processes of the system, if that is needed. */
  sample(pids: () => readonly number[]): void;
  /** An exact look. */
  usage(): Usage;
}

/**
 * Memory, and CPU where there is no control group, from /proc.
 *
 * @param shell - the process that was started to run the command; while it only waits for what it started, its memory is
 *   not the service's
 */
export function treeMeter(members: Members, cgroup: OwnCgroup | null, shell: number): Meter {
  const cpu = new CpuAccount();
  const peak = new MemoryPeak();
  // A group that the command could not enter stays empty, and what it counts is nothing.
  let entered = false;
  const group = (): OwnCgroup | null => {
    entered ||= (cgroup?.pids().length ?? 0) > 0;
    return entered ? cgroup : null;
  };
  const recordMemory = (pids: Iterable<number>): void => {
    const memory = new Map<number, ProcessMemory>();
    for (const pid of pids) {
      const read = readMemory(pid);
      if (read !== null) memory.set(pid, read);
    }
    if (memory.size > 1 && memory.has(shell) && runsShell(shell)) memory.delete(shell);
    peak.record(memory);
  };
  return {
    unavailable: null,
    sample(pids) {
      const own = group();
      // The group knows who belongs and what all of them have used: nothing else need be looked at.
      if (own !== null) {
        recordMemory(own.pids());
        return;
      }
      const seen = members.look(pids());
      cpu.record(seen);
      recordMemory(seen.keys());
    },
    usage() {
      const own = group();
      const seen = members.look();
      cpu.record(seen, own === null ? readThreadTimes : undefined);
      recordMemory(seen.keys());
      return { cpuNs: own?.cpuNs() ?? cpu.totalNs, peakResidentBytes: peak.peakBytes };
    },
  };
}

/** Reads nothing, and says why. */
export function noMeter(unavailable: string): Meter {
  return {
    unavailable,
    sample: () => undefined,
    usage: () => ({ cpuNs: null, peakResidentBytes: null }),
  };
}
