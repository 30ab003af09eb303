import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { launch } from "../../src/service/launch.js";
import { CLUSTER, SERVER, withProgram } from "./made-up.js";

const SECONDS = 15;

/** What looking after two idle arms costs our own process, as a share of a core. */
export async function measureCost(): Promise<void> {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).length;
  console.log(`${processes} processes on this machine before`);
  for (const [name, program] of Object.entries({
    "two arms of one process": SERVER,
    "two clusters of 4 workers": CLUSTER,
  })) {
    await withProgram(program, async (options) => {
      const services = [await launch(options), await launch({ ...options, arm: "head" })];
      await sleep(1000);
      const before = process.cpuUsage();
      const began = performance.now();
      await sleep(SECONDS * 1000);
      const used = process.cpuUsage(before);
      const share = (used.user + used.system) / 1000 / (performance.now() - began);
      console.log(`${name}: ${(share * 100).toFixed(3)} % of a core over ${SECONDS} s`);
      const [first] = services;
      const from = process.cpuUsage();
      for (let n = 0; n < 200; n++) await first!.usage();
      const exact = process.cpuUsage(from);
      console.log(`${name}: one exact reading ${((exact.user + exact.system) / 200).toFixed(0)} us`);
      for (const service of services) await service.stop();
    });
  }
}
