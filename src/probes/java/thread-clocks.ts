import { readFileSync } from "node:fs";
import { readThreadTimes } from "../../service/process/proc.js";

/** CPU of a thread of a JVM while the load ran. */
export interface ThreadCpu {
  readonly thread: number;
  /** What of the JVM itself runs in it ("garbage collector"); `null`: Java code. */
  readonly part: string | null;
  readonly cpuUs: number;
}

/** Names that HotSpot and OpenJ9 give their threads, of which the system keeps 15 characters. */
const PARTS: readonly (readonly [part: string, threads: RegExp])[] = [
  ["garbage collector", /^(?:G1 |GC |ParGC|Gang worker|Z[A-Z]|XWorker|Shenandoah|Concurrent|VM Thread)/],
  ["compiler of the JVM", /^(?:C[12] Comp|JVMCI|JIT |Sweeper)/],
  ["flight recorder", /^(?:JFR |Attach Listener)/],
];

/** What it costs to look is none of the service's own. */
const OF_THE_INSTRUMENT = "flight recorder";

/** Begins to read the CPU clocks of a process's threads; the function that it gives ends that. */
export function watchThreads(pid: number): () => ThreadCpu[] {
  const before = readThreadTimes(pid);
  return () =>
    [...readThreadTimes(pid)].flatMap(([thread, ns]) => {
      const part = partOf(nameOf(pid, thread));
      return part === OF_THE_INSTRUMENT
        ? []
        : [{ thread, part, cpuUs: (ns - (before.get(thread) ?? 0)) / 1000 }];
    });
}

/** @param name - of a thread, as the system keeps it */
export function partOf(name: string): string | null {
  return PARTS.find(([, threads]) => threads.test(name))?.[0] ?? null;
}

function nameOf(pid: number, thread: number): string {
  try {
    return readFileSync(`/proc/${pid}/task/${thread}/comm`, "utf8").trim();
  } catch {
    return "";
  }
}
