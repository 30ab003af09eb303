import type { LogFile } from "./log-file.js";
import type { Meter } from "./meter.js";

/**
 * Between samples. High-water marks see what happens in between; a short-lived child must live about this long to be
 * seen at all.
 */
const SAMPLE_MS = 100;

/** Looks after an arm while it runs: samples what it uses and keeps its log bounded. Gives what ends it. */
export function watch(meter: () => Meter, log: LogFile, afterwards: () => void): () => void {
  const timer = setInterval(() => {
    log.trim();
    meter().sample();
    afterwards();
  }, SAMPLE_MS);
  return () => {
    clearInterval(timer);
  };
}
