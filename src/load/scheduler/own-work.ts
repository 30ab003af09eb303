import { performance } from "node:perf_hooks";
import type { GeneratorHealth } from "../../model/block.js";
import type { Pacer } from "./pacer.js";

/** Measures the work of the generator's own process from now until what it returns is called. */
export function measureOwnWork(
  pacer: Pick<Pacer, "awakeUs">,
): () => Pick<GeneratorHealth, "busyShare" | "cpuUs"> {
  const cpu = process.cpuUsage();
  const loop = performance.eventLoopUtilization();
  const startMs = performance.now();
  return () => {
    const used = process.cpuUsage(cpu);
    const wallMs = performance.now() - startMs;
    const idleMs = performance.eventLoopUtilization(loop).idle + pacer.awakeUs / 1000;
    return { busyShare: Math.max(0, 1 - idleMs / wallMs), cpuUs: used.user + used.system };
  };
}
