import { readFileSync } from "node:fs";
import { join } from "node:path";

import { makeCgroup } from "../../src/service/meter/cgroup.js";
import { launch } from "../../src/service/lifecycle/launch.js";
import { readMemory } from "../../src/service/process/proc.js";
import { CLUSTER, FORKING, send, SERVER, withProgram } from "./made-up.js";

const REQUESTS = { "one process": 6000, "cluster of 4 workers": 6000, "a child per request": 300 } as const;

/** Our figures against those of the kernel's own counters and of GNU time. */
export async function measureAccuracy(): Promise<void> {
  const programs = { "one process": SERVER, "cluster of 4 workers": CLUSTER, "a child per request": FORKING };
  for (const [name, program] of Object.entries(programs)) {
    const requests = REQUESTS[name as keyof typeof REQUESTS];
    await againstCgroup(name, program, requests);
    // A cluster's workers are not waited for when it is ended: GNU time would not know them.
    if (program !== CLUSTER) await againstTime(name, program, requests);
  }
}

/** /proc alone, beside a control group that the service enters without our knowing. */
async function againstCgroup(name: string, program: string, requests: number): Promise<void> {
  const group = makeCgroup(`bench-${process.pid}`);
  if (group === null) {
    console.log(`${name}: no control group can be made here`);
    return;
  }
  await withProgram(program, async (options) => {
    const start = `echo 0 > ${group.procsFile}; ${options.service.start}`;
    const service = await launch({ ...options, service: { ...options.service, start }, cgroup: false });
    await send(service.port, 50);
    const [before, groupBefore] = [await service.usage(), group.cpuNs()!];
    await send(service.port, requests);
    const [after, groupAfter] = [await service.usage(), group.cpuNs()!];
    const ours = (after.cpuNs! - before.cpuNs!) / requests / 1000;
    const truth = (groupAfter - groupBefore) / requests / 1000;
    console.log(
      `${name}: CPU by /proc ${ours.toFixed(1)} us a request, by the control group ${truth.toFixed(1)}: ${percent(ours, truth)}`,
    );
    await service.stop();
  });
  group.remove();
}

/** The whole life of a service under `time -v`, which knows what was waited for, by our control group and by /proc. */
async function againstTime(name: string, program: string, requests: number): Promise<void> {
  for (const cgroup of [true, false]) {
    await withProgram(program, async (options) => {
      const report = join(options.checkout, "time.txt");
      const start = options.service.start.replace("exec ", `exec /usr/bin/time -v -o ${report} `);
      const service = await launch({ ...options, service: { ...options.service, start }, cgroup });
      await send(service.port, requests);
      await (await fetch(`http://127.0.0.1:${service.port}/end`)).text();
      const ours = await service.usage();
      const timeItself = readMemory(service.pid)!.highWaterBytes;
      await service.exited;
      const text = readFileSync(report, "utf8");
      const field = (label: string): number => Number(new RegExp(`${label}[^:]*: ([\\d.]+)`).exec(text)![1]);
      const seconds = field("User time") + field("System time");
      const by = cgroup ? "control group" : "/proc";
      console.log(
        `${name}: whole life, CPU by ${by} ${(ours.cpuNs! / 1e9).toFixed(3)} s, by time -v ${seconds.toFixed(2)} s: ${percent(ours.cpuNs! / 1e9, seconds)}`,
      );
      if (name === "one process") {
        const peak = field("Maximum resident set size") * 1024 + timeItself;
        console.log(
          `${name}: peak memory ${mib(ours.peakResidentBytes!)}, by time -v ${mib(peak)} (its own ${mib(timeItself)} added): ${percent(ours.peakResidentBytes!, peak)}`,
        );
      }
      await service.stop();
    });
  }
}

function percent(ours: number, truth: number): string {
  const error = (ours / truth - 1) * 100;
  return `${error >= 0 ? "+" : ""}${error.toFixed(2)} %`;
}

function mib(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
