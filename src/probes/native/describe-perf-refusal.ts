import { readFile } from "node:fs/promises";
import { installLine } from "../install-line.js";
import type { PerfRefusal } from "./perf-recording.js";

const PACKAGES = { debian: "linux-perf", ubuntu: "linux-tools-$(uname -r)" };
const ALLOW = "sudo sysctl kernel.perf_event_paranoid=1";
const PARANOID = "/proc/sys/kernel/perf_event_paranoid";

/** Why `perf` does not look into a service, and the line that would let it. */
export async function describePerfRefusal(refusal: PerfRefusal): Promise<string> {
  switch (refusal.kind) {
    case "missing":
      return `its CPU is sampled by perf, which is not installed: ${await installation()}`;
    case "forbidden": {
      const level = await readFile(PARANOID, "utf8").catch(() => "unknown");
      return `the system does not let perf sample its CPU (kernel.perf_event_paranoid is ${level.trim()}): ${ALLOW}`;
    }
    case "failed": {
      // Ubuntu has a script in its place that says which package is missing.
      const isOfOtherKernel = /linux-tools|not found for kernel/.test(refusal.why);
      return `perf failed: ${refusal.why.slice(0, 300)}${isOfOtherKernel ? `: ${await installation()}` : ""}`;
    }
  }
}

function installation(): Promise<string> {
  return installLine(PACKAGES, "install the package that has `perf`");
}
