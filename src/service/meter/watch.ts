import type { LogFile } from "../log/log-file.js";
import type { Meter } from "./meter.js";
import { listPids } from "../process/proc.js";

/**
 * Between samples. High-water marks see what happens in between; a short-lived child must live about this long to be
 * seen at all.
 */
const SAMPLE_MS = 250;

/** All arms are looked at together: one wake-up and one listing of /proc for all of them. */
const watched = new Set<(pids: () => readonly number[]) => void>();
let timer: NodeJS.Timeout | null = null;

/** Looks after an arm while it runs: samples what it uses and keeps its log bounded. Gives what ends it. */
export function watch(meter: () => Meter, log: LogFile, afterwards: () => void): () => void {
  const look = (pids: () => readonly number[]): void => {
    log.trim();
    meter().sample(pids);
    afterwards();
  };
  watched.add(look);
  timer ??= setInterval(lookAtAll, SAMPLE_MS);
  return () => {
    watched.delete(look);
    if (watched.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

function lookAtAll(): void {
  let listed: readonly number[] | null = null;
  const pids = (): readonly number[] => (listed ??= listPids());
  for (const look of watched) look(pids);
}
