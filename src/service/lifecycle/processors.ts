import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { parseProcessorList, type Processors } from "./placement.js";

/** Reads which processors this process may use, how they are paired, and whether commands can be placed on them. */
export function readProcessors(environment: Readonly<Record<string, string | undefined>>): Processors {
  if (process.platform !== "linux") return { allowed: null, siblings: [], taskset: false };
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readOrNull("/proc/self/status") ?? "")?.[1];
  const allowed = list === undefined ? null : parseProcessorList(list);
  const siblings = (allowed ?? []).map((processor) =>
    parseProcessorList(
      readOrNull(`/sys/devices/system/cpu/cpu${processor}/topology/thread_siblings_list`) ??
        String(processor),
    ),
  );
  return { allowed, siblings, taskset: isInstalled("taskset", environment["PATH"] ?? "") };
}

function isInstalled(program: string, path: string): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== "";
    } catch {
      return false;
    }
  });
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
