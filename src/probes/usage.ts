import type { RunningService } from "../service/lifecycle/running-service.js";
import type { Probe } from "./probe.js";

/** What a service used while load ran; its whole process tree or container. `null`: not available on this system. */
export interface UsageReading {
  /** CPU time between start and stop, nanoseconds. */
  readonly cpuNs: number | null;
  /** Highest resident set since the service was started. */
  readonly peakResidentBytes: number | null;
}

export function usageProbe(service: Pick<RunningService, "usage">): Probe<UsageReading> {
  return {
    async start() {
      const before = await service.usage();
      return async () => {
        const { cpuNs, peakResidentBytes } = await service.usage();
        const known = cpuNs !== null && before.cpuNs !== null;
        return { cpuNs: known ? cpuNs - before.cpuNs : null, peakResidentBytes };
      };
    },
  };
}
