import { setTimeout as sleep } from "node:timers/promises";

import { cgroupPrefix, findCgroups } from "../meter/cgroup.js";
import { markPrefix } from "./child-environment.js";
import { isRunning, listPids, readEnviron, readStat, type ProcessStat } from "./proc.js";
import type { SpawnedProcess } from "../lifecycle/running-service.js";

/**
 * Processes that a run has left: in its control groups, with its mark in their environment, noted when they were
 * started, in a session of one noted, or descended from any of these. Never this process or one it descends from.
 */
export function findOrphanedProcesses(runId: string, noted: readonly SpawnedProcess[]): number[] {
  const processes = new Map<number, ProcessStat>();
  for (const pid of listPids()) {
    const stat = readStat(pid);
    if (isRunning(stat)) processes.set(pid, stat);
  }
  const spared = ancestorsOf(process.pid, processes);
  const grouped = new Set(findCgroups(cgroupPrefix(runId)).flatMap((group) => group.pids()));
  const orphans = new Set<number>();
  for (const [pid, stat] of processes) {
    if (spared.has(pid)) continue;
    const marked = (): boolean =>
      readEnviron(pid)?.some((entry) => entry.startsWith(markPrefix(runId))) === true;
    if (grouped.has(pid) || wasNoted(stat, noted, processes) || marked()) orphans.add(pid);
  }
  for (let before = -1; before !== orphans.size;) {
    before = orphans.size;
    for (const [pid, stat] of processes) if (!spared.has(pid) && orphans.has(stat.parent)) orphans.add(pid);
  }
  return [...orphans];
}

function wasNoted(
  stat: ProcessStat,
  noted: readonly SpawnedProcess[],
  processes: ReadonlyMap<number, ProcessStat>,
): boolean {
  return noted.some(({ pid, startTime }) => {
    if (startTime === null) return false;
    if (stat.pid === pid) return stat.startTime === startTime;
    // While somebody else has the leader's pid, a session of that number may be theirs.
    const leader = processes.get(pid);
    return (
      stat.session === pid &&
      stat.startTime >= startTime &&
      (leader === undefined || leader.startTime === startTime)
    );
  });
}

function ancestorsOf(pid: number, processes: ReadonlyMap<number, ProcessStat>): Set<number> {
  const line = new Set<number>([1]);
  for (let at = pid; at > 1 && !line.has(at); at = processes.get(at)?.parent ?? 0) line.add(at);
  return line;
}

const GRACE_MS = 3000;
const KILL_MS = 5000;
const LOOK_MS = 20;

/** Ends them: TERM, grace, KILL. Gives how many there were and those still there. */
export async function endOrphanedProcesses(
  runId: string,
  noted: readonly SpawnedProcess[],
): Promise<{ readonly found: number; readonly left: readonly number[] }> {
  const seen = new Set<number>();
  const look = (): number[] => {
    const orphans = findOrphanedProcesses(runId, noted);
    for (const pid of orphans) seen.add(pid);
    return orphans;
  };
  let orphans = look();
  send(orphans, "SIGTERM");
  for (let waitedMs = 0; orphans.length > 0 && waitedMs < GRACE_MS; waitedMs += LOOK_MS) {
    await sleep(LOOK_MS);
    orphans = look();
  }
  for (let waitedMs = 0; orphans.length > 0 && waitedMs < KILL_MS; waitedMs += LOOK_MS) {
    for (const group of findCgroups(cgroupPrefix(runId))) group.kill();
    send(orphans, "SIGKILL");
    await sleep(LOOK_MS);
    orphans = look();
  }
  for (const group of findCgroups(cgroupPrefix(runId))) group.remove();
  return { found: seen.size, left: orphans };
}

function send(pids: readonly number[], signal: "SIGTERM" | "SIGKILL"): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // Gone meanwhile, or another user's: then it is reported as left.
    }
  }
}
