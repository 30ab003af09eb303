import type { OwnCgroup } from "./cgroup.js";
import { CpuAccount } from "./cpu-account.js";
import type { LogFile } from "./log-file.js";
import { MemoryPeak, type ProcessMemory } from "./memory-peak.js";
import type { Members } from "./members.js";
import { readMemory, readThreadTimes } from "./proc.js";
import type { Usage } from "./service.js";

/** Between samples. High-water marks see what happens in between; short-lived children must live about this long to be seen. */
const SAMPLE_MS = 100;

/** Follows one arm while it runs: who belongs to it, what it has used, how long its log has become. */
export class Watch {
  readonly #cpu = new CpuAccount();
  readonly #memory = new MemoryPeak();
  readonly #timer: NodeJS.Timeout;
  readonly #startNs: number;

  constructor(
    private readonly members: Members,
    private readonly cgroup: OwnCgroup | null,
    private readonly log: LogFile,
    onEmpty: () => void,
  ) {
    this.#startNs = cgroup?.cpuNs() ?? 0;
    this.#timer = setInterval(() => {
      this.log.trim();
      if (this.sample(false) === 0) onEmpty();
    }, SAMPLE_MS);
    this.#timer.unref();
  }

  /** Reads all members once; returns how many there are. */
  sample(withThreads: boolean): number {
    const seen = this.members.look();
    this.#cpu.record(seen, withThreads && this.cgroup === null ? readThreadTimes : undefined);
    const memory = new Map<number, ProcessMemory>();
    for (const pid of seen.keys()) {
      const read = readMemory(pid);
      if (read !== null) memory.set(pid, read);
    }
    this.#memory.record(memory);
    return memory.size;
  }

  usage(): Usage {
    this.sample(true);
    const groupNs = this.cgroup?.cpuNs() ?? null;
    return {
      cpuNs: groupNs === null ? this.#cpu.totalNs : groupNs - this.#startNs,
      peakResidentBytes: this.#memory.peakBytes,
    };
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
