import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { readCgroupCpu } from "../meter/cgroup-cpu.js";
import { cgroupParents, pidsIn, type CgroupFiles, type CgroupParent } from "../meter/cgroup.js";
import { MemoryPeak, type ProcessMemory } from "../meter/memory-peak.js";
import { noMeter, type Meter } from "../meter/meter.js";
import { readMemory } from "../process/proc.js";
import { containerPids, type ContainerName } from "./container.js";

/**
 * Reads containers: CPU from their control groups, and memory of the processes in them as that of any process. The groups'
 * own memory counts a page of a file for whichever container touched it first, and arms share the files of their images.
 */
export async function containerMeter(container: ContainerName): Promise<Meter> {
  const pids = await containerPids(container);
  if (pids.length === 0)
    return noMeter(`${container.tool} does not know a running container ${container.value}`);
  const groups: CgroupParent[] = [];
  for (const pid of pids) {
    const group = groupOf(pid);
    if (group === null) {
      return noMeter(`the control group of container ${container.value} cannot be read from here`);
    }
    groups.push(group);
  }
  const peak = new MemoryPeak();
  let cpuNs = 0;
  const look = (): void => {
    const readNs = groups.reduce((sum, group) => sum + (readCgroupCpu(group) ?? 0), 0);
    // A group that is gone counts nothing any more.
    cpuNs = Math.max(cpuNs, readNs);
    const memory = new Map<number, ProcessMemory>();
    for (const pid of groups.flatMap(({ folder }) => pidsIn(folder))) {
      const read = readMemory(pid);
      if (read !== null) memory.set(pid, read);
    }
    peak.record(memory);
  };
  look();
  return {
    unavailable: null,
    sample: look,
    usage() {
      look();
      return { cpuNs, peakResidentBytes: peak.peakBytes };
    },
  };
}

function groupOf(pid: number): CgroupParent | null {
  try {
    const group = containerGroup({
      membership: readFileSync(`/proc/${pid}/cgroup`, "utf8"),
      mounts: readFileSync("/proc/self/mounts", "utf8"),
    });
    return group !== null && readCgroupCpu(group) !== null ? group : null;
  } catch {
    return null;
  }
}

/**
 * The group that counts a container's CPU. Where both versions are mounted, an engine may leave its containers in a group
 * of version 2 that counts more than them, such as its root: one that memory is counted in as well is theirs. Where version 2
 * alone is mounted, it is any but the root.
 *
 * @param has - whether a file is there
 */
export function containerGroup(
  files: CgroupFiles,
  has: (path: string) => boolean = existsSync,
): CgroupParent | null {
  const parents = cgroupParents(files, "cpuacct");
  const own = ({ version, folder }: CgroupParent): boolean =>
    version === 1 || has(join(folder, "memory.stat"));
  return parents.find(own) ?? (/^0::\/$/m.test(files.membership) ? null : (parents[0] ?? null));
}
