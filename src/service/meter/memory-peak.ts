/** What is read of one process. */
export interface ProcessMemory {
  readonly residentBytes: number;
  /** Highest resident set of this process so far. */
  readonly highWaterBytes: number;
}

/**
 * Highest resident set of a process tree, from samples. A process whose own high-water mark rose since the last sample
 * has been there in between, so for that sample it counts with the mark: a short peak is not missed.
 */
export class MemoryPeak {
  #highWater = new Map<number, number>();
  #peakBytes: number | null = null;

  record(sample: ReadonlyMap<number, ProcessMemory>): void {
    if (sample.size === 0) return;
    const highWater = new Map<number, number>();
    let treeBytes = 0;
    for (const [pid, memory] of sample) {
      const rose = memory.highWaterBytes > (this.#highWater.get(pid) ?? 0);
      treeBytes += rose ? memory.highWaterBytes : memory.residentBytes;
      highWater.set(pid, memory.highWaterBytes);
    }
    this.#highWater = highWater;
    this.#peakBytes = Math.max(this.#peakBytes ?? 0, treeBytes);
  }

  /** `null` before the first sample. */
  get peakBytes(): number | null {
    return this.#peakBytes;
  }
}
