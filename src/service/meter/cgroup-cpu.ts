import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * CPU that a control group has used, in nanoseconds; `null` where the text says something else.
 *
 * @param text - of `cpu.stat` (version 2) or `cpuacct.usage` (version 1)
 *
 * Source: Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/cpuacct.rst.
 */
export function parseCgroupCpu(text: string, version: 1 | 2): number | null {
  if (version === 1) return /^\d+\s*$/.test(text) ? Number(text) : null;
  const usage = /^usage_usec (\d+)$/m.exec(text);
  return usage === null ? null : Number(usage[1]) * 1000;
}

/** The same, read from the group's folder; `null` too where it cannot be read. */
export function readCgroupCpu(group: { readonly version: 1 | 2; readonly folder: string }): number | null {
  const file = join(group.folder, group.version === 2 ? "cpu.stat" : "cpuacct.usage");
  try {
    return parseCgroupCpu(readFileSync(file, "utf8"), group.version);
  } catch {
    return null;
  }
}
