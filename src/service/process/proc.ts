import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";

/*
 * Linux' /proc, read synchronously: such a read takes about 10 us and never waits for a disk, where a trip through the
 * thread pool costs several times that in CPU.
 */

/** One line of `/proc/PID/stat`, as far as it is used. Times in clock ticks of 10 ms (proc(5), USER_HZ). */
export interface ProcessStat {
  readonly pid: number;
  readonly name: string;
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  readonly threads: number;
  /** User and system time of all its threads, ended ones too. */
  readonly ownTicks: number;
  /** User and system time of its children that have ended and were waited for, and of theirs. */
  readonly childrenTicks: number;
  /** Ticks since boot; with the pid it names a process for good. */
  readonly startTime: number;
}

export const NANOSECONDS_PER_TICK = 10_000_000;

export function parseStat(text: string): ProcessStat | null {
  // The name may itself hold blanks and parentheses: it ends at the last one.
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  if (open < 0 || close < open) return null;
  const fields = text.slice(close + 2).split(" ");
  if (fields.length < 20) return null;
  const field = (index: number): number => Number(fields[index]);
  return {
    pid: Number(text.slice(0, open)),
    name: text.slice(open + 1, close),
    state: fields[0]!,
    parent: field(1),
    group: field(2),
    session: field(3),
    threads: field(17),
    ownTicks: field(11) + field(12),
    childrenTicks: field(13) + field(14),
    startTime: field(19),
  };
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return null; // Gone meanwhile, or another user's.
  }
}

/** `null` once the process is gone. */
export function readStat(pid: number): ProcessStat | null {
  const text = read(`/proc/${pid}/stat`);
  return text === null ? null : parseStat(text);
}

/**
 * Whether it still does something: neither gone nor a zombie that waits to be collected. A process whose first thread has
 * ended looks like a zombie while the others still run, and still holds its sockets.
 */
export function isRunning(stat: ProcessStat | null): stat is ProcessStat {
  return stat !== null && ((stat.state !== "Z" && stat.state !== "X") || stat.threads > 1);
}

export function listPids(): number[] {
  const pids: number[] = [];
  for (const name of readdirSync("/proc")) {
    const first = name.charCodeAt(0);
    if (first >= 48 && first <= 57) pids.push(Number(name));
  }
  return pids;
}

/** Variables as `NAME=value`; `null` if they cannot be read, empty while a program is being loaded. */
export function readEnviron(pid: number): string[] | null {
  const text = read(`/proc/${pid}/environ`);
  return text === null ? null : text.split("\0").filter((entry) => entry !== "");
}

/** Nanoseconds on a processor of every thread alive, by thread. Source: Documentation/scheduler/sched-stats, "/proc/<pid>/schedstat". */
export function readThreadTimes(pid: number): Map<number, number> {
  const times = new Map<number, number>();
  let threads: string[];
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    return times;
  }
  for (const thread of threads) {
    const text = read(`/proc/${pid}/task/${thread}/schedstat`);
    if (text !== null) times.set(Number(thread), Number(text.slice(0, text.indexOf(" "))));
  }
  return times;
}

/** Resident set and its highest value so far, in bytes; `null` for zombies and kernel threads. */
export function readMemory(
  pid: number,
): { readonly residentBytes: number; readonly highWaterBytes: number } | null {
  const text = read(`/proc/${pid}/status`);
  if (text === null) return null;
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(text);
  const highWater = /^VmHWM:\s+(\d+) kB$/m.exec(text);
  if (resident === null || highWater === null) return null;
  return { residentBytes: Number(resident[1]) * 1024, highWaterBytes: Number(highWater[1]) * 1024 };
}

/** Whether the process is a system shell, and has not become the program that it was told to run. */
export function runsShell(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/exe`) === realpathSync("/bin/sh");
  } catch {
    return false;
  }
}

/** What a process would be called in a message: its command line, shortened. */
export function describeProcess(pid: number): string {
  const command = read(`/proc/${pid}/cmdline`)?.replaceAll("\0", " ").trim() ?? "";
  const name = command === "" ? (readStat(pid)?.name ?? "unknown") : command;
  return `process ${pid} (${name.length > 80 ? `${name.slice(0, 77)}...` : name})`;
}

/** Inodes of the sockets a process holds; `null` if its descriptors cannot be read. */
export function readSocketInodes(pid: number): Set<string> | null {
  let descriptors: string[];
  try {
    descriptors = readdirSync(`/proc/${pid}/fd`);
  } catch {
    return null;
  }
  const inodes = new Set<string>();
  for (const descriptor of descriptors) {
    try {
      const target = readlinkSync(`/proc/${pid}/fd/${descriptor}`);
      if (target.startsWith("socket:[")) inodes.add(target.slice(8, -1));
    } catch {
      // Closed between listing and reading.
    }
  }
  return inodes;
}
