import { readFile } from "node:fs/promises";
import type { PerfRefusal } from "./perf-recording.js";

/** Lines that would make it work; Tailgate runs neither of them by itself. */
const INSTALL = {
  debian: "sudo apt-get install --yes linux-perf",
  ubuntu: "sudo apt-get install --yes linux-tools-$(uname -r)",
} as const;
const ALLOW = "sudo sysctl kernel.perf_event_paranoid=1";

/** Why `perf` does not look into a service, and the line that would let it. */
export async function describePerfRefusal(refusal: PerfRefusal): Promise<string> {
  switch (refusal.kind) {
    case "missing":
      return `its CPU is sampled by perf, which is not installed: ${installLine(await textOf("/etc/os-release"))}`;
    case "forbidden":
      return `the system does not let perf sample its CPU (kernel.perf_event_paranoid is ${(await textOf("/proc/sys/kernel/perf_event_paranoid")).trim() || "unknown"}): ${ALLOW}`;
    case "failed":
      return `perf failed: ${refusal.why.slice(0, 300)}${/linux-tools|not found for kernel/.test(refusal.why) ? `: ${INSTALL.ubuntu}` : ""}`;
  }
}

/** @param release - text of os-release(5) */
export function installLine(release: string): string {
  const ids = [...release.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap(([, id = ""]) => id.split(" "));
  if (ids.includes("ubuntu")) return INSTALL.ubuntu;
  if (ids.includes("debian")) return INSTALL.debian;
  return "install the package that has `perf`";
}

function textOf(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}
