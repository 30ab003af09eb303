import { readFileSync } from "node:fs";

import { readCgroupCpu } from "../meter/cgroup-cpu.js";
import { cgroupParents, type CgroupParent } from "../meter/cgroup.js";
import { containerPids, type ContainerName } from "./container.js";
import { noMeter, type Meter } from "../meter/meter.js";

/** What is read of one container's control group. */
interface GroupReading {
  readonly cpuNs: number;
  /** Memory of its processes, without the files that the kernel merely keeps at hand. */
  readonly residentBytes: number;
}

/** Anonymous memory and mapped files of `memory.stat`, which together are the resident set. */
export function parseResident(text: string, version: 1 | 2): number | null {
  const value = (name: string): number | null => {
    const line = new RegExp(`^${name} (\\d+)$`, "m").exec(text);
    return line === null ? null : Number(line[1]);
  };
  const anonymous = version === 2 ? value("anon") : value("total_rss");
  const mapped = version === 2 ? value("file_mapped") : value("total_mapped_file");
  return anonymous === null || mapped === null ? null : anonymous + mapped;
}

/** Reads containers through their control groups; says why if that cannot be done. */
export async function containerMeter(container: ContainerName): Promise<Meter> {
  const pids = await containerPids(container);
  if (pids.length === 0)
    return noMeter(`${container.tool} does not know a running container ${container.value}`);
  const groups: Group[] = [];
  for (const pid of pids) {
    const group = groupOf(pid);
    if (group === null || group.read() === null) {
      return noMeter(`the control group of container ${container.value} cannot be read from here`);
    }
    groups.push(group);
  }
  let peakBytes = 0;
  let cpuNs = 0;
  const look = (): void => {
    let readNs = 0;
    let residentBytes = 0;
    for (const group of groups) {
      const reading = group.read();
      readNs += reading?.cpuNs ?? 0;
      residentBytes += reading?.residentBytes ?? 0;
    }
    cpuNs = Math.max(cpuNs, readNs);
    peakBytes = Math.max(peakBytes, residentBytes);
  };
  look();
  return {
    unavailable: null,
    sample: look,
    usage() {
      look();
      return { cpuNs, peakResidentBytes: peakBytes };
    },
  };
}

interface Group {
  read(): GroupReading | null;
}

function groupOf(pid: number): Group | null {
  try {
    const files = {
      membership: readFileSync(`/proc/${pid}/cgroup`, "utf8"),
      mounts: readFileSync("/proc/self/mounts", "utf8"),
    };
    // The one that can be read: version 2, or of version 1 one for each controller.
    return (
      groupFrom(
        cgroupParents(files, "cpuacct").find((parent) => parent.version === 2),
        cgroupParents(files, "cpuacct").find((parent) => parent.version === 2),
      ) ??
      groupFrom(
        cgroupParents(files, "cpuacct").find((parent) => parent.version === 1),
        cgroupParents(files, "memory").find((parent) => parent.version === 1),
      )
    );
  } catch {
    return null;
  }
}

function groupFrom(cpu: CgroupParent | undefined, memory: CgroupParent | undefined): Group | null {
  if (cpu === undefined || memory === undefined) return null;
  const memoryFile = `${memory.folder}/memory.stat`;
  const read = (): GroupReading | null => {
    try {
      const cpuNs = readCgroupCpu(cpu);
      const residentBytes = parseResident(readFileSync(memoryFile, "utf8"), memory.version);
      return cpuNs === null || residentBytes === null ? null : { cpuNs, residentBytes };
    } catch {
      return null;
    }
  };
  return read() === null ? null : { read };
}
