import { existsSync } from "node:fs";

import { TailgateError } from "../../error.js";

/** Why CPU and memory of a service cannot be read on this system; `null` where they can. */
export function usageOnThisSystem(platform: NodeJS.Platform): string | null {
  if (platform === "linux") return null;
  const name = platform === "darwin" ? "macOS" : platform;
  return `CPU and memory of a service are read from /proc, which ${name} does not have`;
}

/**
 * What is left out on a system, for the report; empty on Linux.
 */
export function leftOutOn(platform: NodeJS.Platform): string[] {
  if (platform === "linux") return [];
  return [
    `${usageOnThisSystem(platform)!}: the gates on them are off`,
    "whether a listening socket belongs to the arm is not checked here, only that its port was free before",
    "a process that leaves the service's process group is not found here",
  ];
}

/**
 * Refuses systems on which a service can be started but not reliably ended.
 *
 * @param hasProc - whether /proc is mounted; some containers and chroots have none
 */
export function refuseUnsupportedSystem(
  platform: NodeJS.Platform,
  hasProc = existsSync("/proc/self/stat"),
): void {
  if (platform === "linux" && !hasProc) {
    throw new TailgateError(
      "service",
      "/proc is not mounted: without it the processes of a service cannot be found, and so not ended for certain",
      "Mount it (`mount -t proc proc /proc`), or run where it is mounted.",
    );
  }
  if (platform !== "win32") return;
  throw new TailgateError(
    "service",
    "Windows is not supported: it has no process groups by which a service could be ended for certain",
    "Run the job on `ubuntu-latest`, or locally in WSL.",
  );
}
