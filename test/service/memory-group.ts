import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { cgroupParents } from "../../src/service/meter/cgroup.js";

/** A control group whose processes may use so much memory together; the kernel kills what goes beyond. */
export interface MemoryGroup {
  /** A shell command by which a process enters, with what it starts. */
  readonly enter: string;
  remove(): Promise<void>;
}

/** Makes one; where that is not allowed, as for an ordinary user, gives the reason. */
export function makeMemoryGroup(limitBytes: number): MemoryGroup | { readonly notAllowed: string } {
  if (process.platform !== "linux")
    return { notAllowed: "memory is limited by a control group on Linux only" };
  const files = {
    membership: readFileSync("/proc/self/cgroup", "utf8"),
    mounts: readFileSync("/proc/self/mounts", "utf8"),
  };
  let reason = "no control group for memory is mounted";
  for (const { version, folder: parent } of cgroupParents(files, "memory")) {
    const folder = join(parent, `tailgate-test-${process.pid}`);
    try {
      mkdirSync(folder);
    } catch (error) {
      reason = String(error);
      continue;
    }
    try {
      const limit = version === 2 ? "memory.max" : "memory.limit_in_bytes";
      // A file that the kernel did not make is refused: then the controller is not there.
      writeFileSync(join(folder, limit), String(limitBytes), { flag: "r+" });
      return {
        enter: `echo 0 > ${join(folder, "cgroup.procs")}`,
        async remove() {
          for (let tries = 0; tries < 100; tries++) {
            try {
              rmdirSync(folder);
              return;
            } catch {
              await sleep(20); // The kernel takes a moment to notice that the last one is gone.
            }
          }
        },
      };
    } catch (error) {
      rmdirSync(folder);
      reason = String(error);
    }
  }
  return { notAllowed: `memory cannot be limited here: ${reason}` };
}
