import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";

import { membersOf } from "../../src/service/process/members.js";
import { treeMeter } from "../../src/service/meter/meter.js";
import type { RunningService } from "../../src/service/lifecycle/running-service.js";
import { HELLO, launched, node, optionsOf } from "./made-up-services.js";

/**
 * Work for a given time of CPU, as the process itself counts it: more wall time is spent on a busy machine, the same CPU.
 * `process.cpuUsage` is getrusage(2), which owes nothing to what is tested.
 */
const BURN = `function burn(ms) { const from = process.cpuUsage(); let d; do { for (let i = 0; i < 1e4; i++); d = process.cpuUsage(from); } while (d.user + d.system < ms * 1000); }`;

async function ask(service: RunningService, path: string): Promise<string> {
  return (
    await fetch(`http://127.0.0.1:${service.port}${path}`, { headers: { connection: "close" } })
  ).text();
}

async function cpuMsOf(service: RunningService, work: () => Promise<unknown>): Promise<number> {
  const before = await service.usage();
  await work();
  return ((await service.usage()).cpuNs! - before.cpuNs!) / 1e6;
}

describe.each([{ cgroup: true }, { cgroup: false }])("with $cgroup for a control group", ({ cgroup }) => {
  test("usage is what the service's own getrusage says, within 2 %", async () => {
    const start = node(`${BURN}
      require("http").createServer((q, r) => { if (q.url === "/burn") burn(1000); r.end(JSON.stringify(process.cpuUsage())); })
        .listen(process.env.PORT, "127.0.0.1")`);
    const service = await launched({ ...optionsOf(`exec ${start}`), cgroup });
    const own = async (path: string): Promise<number> => {
      const { user, system } = JSON.parse(await ask(service, path)) as { user: number; system: number };
      return (user + system) / 1000;
    };
    const ownBefore = await own("/");
    let ownAfter = 0;
    const seen = await cpuMsOf(service, async () => {
      ownAfter = await own("/burn");
    });
    expect(seen / (ownAfter - ownBefore)).toBeGreaterThan(0.98);
    expect(seen / (ownAfter - ownBefore)).toBeLessThan(1.02);
  });

  test("usage holds all workers of a cluster", async () => {
    const options = { ...optionsOf(`exec ${process.execPath} cluster.cjs`), cgroup };
    writeFileSync(
      join(options.checkout, "cluster.cjs"),
      `${BURN}
      const cluster = require("cluster");
      if (cluster.isPrimary) { cluster.fork(); cluster.fork(); }
      else require("http").createServer((q, r) => { if (q.url === "/burn") burn(300); r.end(); }).listen(process.env.PORT, "127.0.0.1")`,
    );
    const service = await launched(options);
    const seen = await cpuMsOf(service, () => Promise.all([ask(service, "/burn"), ask(service, "/burn")]));
    expect(seen).toBeGreaterThan(600);
    expect(seen).toBeLessThan(600 * 1.2);
  });

  test("usage holds children that live for a moment, within 10 %", async () => {
    const child = `${BURN} burn(40)`;
    const start = node(`
      const { execFileSync } = require("child_process");
      require("http").createServer((q, r) => {
        if (q.url === "/burn") for (let i = 0; i < 10; i++) execFileSync(process.execPath, ["-e", ${JSON.stringify(child)}]);
        r.end(require("fs").readFileSync("/proc/self/stat", "latin1"));
      }).listen(process.env.PORT, "127.0.0.1")`);
    const service = await launched({ ...optionsOf(`exec ${start}`), cgroup });
    // Own and waited-for ticks of the service itself, as the kernel accounts them: 10 ms each, over more than 400 ms.
    const ticks = (stat: string): number =>
      stat
        .slice(stat.lastIndexOf(")") + 2)
        .split(" ")
        .slice(11, 15)
        .reduce((sum, field) => sum + Number(field), 0);
    const before = ticks(await ask(service, "/"));
    let after = 0;
    const seen = await cpuMsOf(service, async () => {
      after = ticks(await ask(service, "/burn"));
    });
    const truth = (after - before) * 10;
    expect(truth).toBeGreaterThan(400);
    expect(seen / truth).toBeGreaterThan(0.9);
    expect(seen / truth).toBeLessThan(1.1);
  });

  test("usage does not lose threads that have ended", async () => {
    const start = node(`
      const { Worker } = require("worker_threads");
      require("http").createServer((q, r) => {
        if (q.url !== "/burn") return r.end();
        const w = new Worker("for (let i = 0; i < 3e8; i++);", { eval: true });
        w.on("exit", () => r.end());
      }).listen(process.env.PORT, "127.0.0.1")`);
    const service = await launched({ ...optionsOf(`exec ${start}`), cgroup });
    const own = (): number => {
      const stat = readFileSync(`/proc/${service.pid}/stat`, "latin1");
      return (
        stat
          .slice(stat.lastIndexOf(")") + 2)
          .split(" ")
          .slice(11, 13)
          .reduce((sum, field) => sum + Number(field), 0) * 10
      );
    };
    const before = own();
    const seen = await cpuMsOf(service, () => ask(service, "/burn"));
    // Two tick counters, each up to one tick short, at both ends.
    expect(Math.abs(seen - (own() - before))).toBeLessThan(45);
  });

  test("usage remembers a peak of memory that was over before anyone looked", async () => {
    const start = node(`
      require("http").createServer((q, r) => { if (q.url === "/grow") Buffer.alloc(150e6, 1); r.end(); }).listen(process.env.PORT, "127.0.0.1")`);
    const service = await launched({ ...optionsOf(`exec ${start}`), cgroup });
    const before = (await service.usage()).peakResidentBytes!;
    await ask(service, "/grow");
    expect((await service.usage()).peakResidentBytes! - before).toBeGreaterThan(140e6);
  });
});

test("peak memory is what GNU time saw, within 2 %", async () => {
  const options = optionsOf("");
  const report = join(options.checkout, "time.txt");
  const start = `exec /usr/bin/time -v -o ${report} ${node(`
    Buffer.alloc(120e6, 1);
    require("http").createServer((q, r) => { r.end(); if (q.url === "/end") setTimeout(() => process.exit(0), 300); })
      .listen(process.env.PORT, "127.0.0.1")`)}`;
  const service = await launched({ ...options, service: { ...options.service, start } });
  await ask(service, "/end");
  const seen = (await service.usage()).peakResidentBytes!;
  await service.exited;
  const truth =
    Number(/Maximum resident set size \(kbytes\): (\d+)/.exec(readFileSync(report, "utf8"))![1]) * 1024;
  // The tree also holds `time` itself, which is about 2 MB.
  expect((seen - 2e6) / truth).toBeGreaterThan(0.98);
  expect((seen - 2e6) / truth).toBeLessThan(1.02);
});

test("the shell that waits for the service is no part of its memory", async () => {
  const peakOf = async (start: string): Promise<number> => {
    const service = await launched(optionsOf(start));
    await ask(service, "/");
    return (await service.usage()).peakResidentBytes!;
  };
  const [alone, waitedFor] = [await peakOf(`exec ${HELLO}`), await peakOf(`true && ${HELLO}; exit $?`)];
  // A shell has 1.6 MB and more; two starts of Node differ by less than 1 MB.
  expect(Math.abs(waitedFor - alone)).toBeLessThan(1.2e6);
});

test("CPU and memory never go back", async () => {
  const service = await launched({
    ...optionsOf(`for i in $(seq 20); do sleep 0.02; done & exec ${HELLO}`),
    cgroup: false,
  });
  let last = await service.usage();
  for (let look = 0; look < 20; look++) {
    await sleep(20);
    const now = await service.usage();
    expect(now.cpuNs).toBeGreaterThanOrEqual(last.cpuNs!);
    expect(now.peakResidentBytes).toBeGreaterThanOrEqual(last.peakResidentBytes!);
    last = now;
  }
});

test("a control group that the service could not enter is not believed", async () => {
  const service = await launched({ ...optionsOf(HELLO), cgroup: false });
  const empty = { procsFile: "", cpuNs: () => 0, pids: () => [], kill: () => undefined, remove: () => true };
  const meter = treeMeter(membersOf(service.pid, "", null), empty, service.pid);
  expect(meter.usage().cpuNs).toBeGreaterThan(10e6);
});
