import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { launch } from "../../src/service/lifecycle/launch.js";
import type { LaunchOptions } from "../../src/service/lifecycle/running-service.js";
import { CLUSTER, SERVER, withProgram } from "./made-up.js";

const SECONDS = 10;

/** Share of a core that this process uses while it waits. */
async function shareWhileWaiting(): Promise<number> {
  const before = process.cpuUsage();
  const began = performance.now();
  await sleep(SECONDS * 1000);
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000 / (performance.now() - began);
}

/** What looking after two idle arms costs our own process, beyond what it costs to wake up as often and do nothing. */
export async function measureCost(): Promise<void> {
  const idle = setInterval(() => undefined, 250);
  console.log(`waking up four times a second: ${((await shareWhileWaiting()) * 100).toFixed(3)} % of a core`);
  clearInterval(idle);
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).length;
  console.log(`${processes} processes on this machine before`);
  for (const [name, program] of Object.entries({
    "two arms of one process": SERVER,
    "two clusters of 4 workers": CLUSTER,
  })) {
    await withProgram(program, async (options) => {
      for (const cgroup of [true, false]) await measureOne(name, { ...options, cgroup });
    });
  }
}

async function measureOne(name: string, options: LaunchOptions): Promise<void> {
  const services = [await launch(options), await launch({ ...options, arm: "head" })];
  await sleep(500);
  const share = await shareWhileWaiting();
  const from = process.cpuUsage();
  for (let n = 0; n < 200; n++) await services[0]!.usage();
  const exact = process.cpuUsage(from);
  for (const service of services) await service.stop();
  const by = options.cgroup === true ? "control group" : "/proc";
  console.log(
    `${name}, by ${by}: ${(share * 100).toFixed(3)} % of a core over ${SECONDS} s; one exact reading ${((exact.user + exact.system) / 200).toFixed(0)} us`,
  );
}
