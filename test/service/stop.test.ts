import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { findOrphanedProcesses } from "../../src/service/process/orphaned-processes.js";
import { HELLO, isAlive, launched, node, optionsOf } from "./made-up-services.js";

/** A daemon as of old: two forks and a session of its own. It writes its pid, and ignores TERM. */
const DAEMON = (pidFile: string): string =>
  `( setsid /bin/sh -c 'trap "" TERM; ( echo $(sh -c "echo \\$PPID") > ${pidFile}; while :; do sleep 1; done ) & exit 0' & ) ; sleep 0.3`;

async function pidIn(file: string): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    if (existsSync(file) && readFileSync(file, "utf8").trim() !== "")
      return Number(readFileSync(file, "utf8"));
    await sleep(20);
  }
  throw new Error(`${file} was never written`);
}

// With a control group the kernel itself knows who belongs; without one, we have to find out.
describe.each([{ cgroup: true }, { cgroup: false }])("with $cgroup for a control group", ({ cgroup }) => {
  test("a service that heeds TERM needs no KILL", async () => {
    const service = await launched({ ...optionsOf(HELLO), cgroup });
    const report = await service.stop();
    expect(report).toMatchObject({ killed: false, left: [], portFree: true });
    expect(isAlive(service.pid)).toBe(false);
  });

  test("a service that ignores TERM is killed after its grace", async () => {
    const start = node(`
      process.on("SIGTERM", () => {});
      require("http").createServer((q, r) => r.end()).listen(process.env.PORT, "127.0.0.1")`);
    const service = await launched({ ...optionsOf(start), cgroup });
    expect(await service.stop()).toMatchObject({ killed: true, left: [], portFree: true });
    expect(isAlive(service.pid)).toBe(false);
  });

  test("a stopped service leaves no process behind, even one that forked twice and called setsid", async () => {
    const options = { ...optionsOf(""), cgroup };
    const pidFile = join(options.checkout, "daemon.pid");
    const service = await launched({
      ...options,
      service: { ...options.service, start: `${DAEMON(pidFile)}; exec ${HELLO}` },
    });
    const daemon = await pidIn(pidFile);
    expect(isAlive(daemon)).toBe(true);
    expect(await service.stop()).toMatchObject({ left: [], portFree: true });
    expect(isAlive(daemon)).toBe(false);
  });

  test("stopping ends a hundred children", async () => {
    const service = await launched({
      ...optionsOf(`for i in $(seq 100); do sleep 1000 & done; exec ${HELLO}`),
      cgroup,
    });
    expect(await service.stop()).toMatchObject({ left: [], portFree: true });
  });

  test("stopping ends children that keep having children", async () => {
    const options = { ...optionsOf(""), cgroup };
    // Each waits a moment, has a child in a new session, and is gone.
    const restless = `restless() { trap "" TERM; sleep 0.02; setsid /bin/sh "$0" & exit 0; }; restless`;
    const service = await launched({
      ...options,
      service: {
        ...options.service,
        start: `printf '%s' '${restless}' > restless.sh; setsid /bin/sh restless.sh & exec ${HELLO}`,
      },
    });
    expect(await service.stop()).toMatchObject({ killed: true, left: [], portFree: true });
    await sleep(200);
    expect(findOrphanedProcesses(options.runId, [])).toEqual([]);
  });

  test("stopping a service that has ended already succeeds", async () => {
    const service = await launched({ ...optionsOf(HELLO), cgroup });
    process.kill(service.pid, "SIGKILL");
    expect(await service.exited).toEqual({ code: null, signal: "SIGKILL" });
    expect(await service.stop()).toMatchObject({ killed: false, left: [], portFree: true });
  });
});

test("a service that dies by itself is noticed, and health says how", async () => {
  const start = node(`
    require("http").createServer((q, r) => { r.end(); if (q.url === "/die") setTimeout(() => process.exit(7), 10); })
      .listen(process.env.PORT, "127.0.0.1")`);
  const service = await launched(optionsOf(start));
  await fetch(`http://127.0.0.1:${service.port}/die`);
  expect(await service.exited).toEqual({ code: 7, signal: null });
  expect(await service.health()).toEqual({ alive: false, ownsPort: false, reason: "exited with code 7" });
});

test("the health of a service that the other arm kills names the signal", async () => {
  const victim = await launched({ ...optionsOf(HELLO), arm: "base" });
  const killer = node(`
    require("http").createServer((q, r) => { process.kill(Number(process.env.VICTIM), "SIGKILL"); r.end(); })
      .listen(process.env.PORT, "127.0.0.1")`);
  // Readiness asks once, which is the deed.
  await launched({ ...optionsOf(killer, { env: { VICTIM: String(victim.pid) } }), arm: "head" });
  expect(await victim.exited).toEqual({ code: null, signal: "SIGKILL" });
  expect(await victim.health()).toMatchObject({
    alive: false,
    reason: expect.stringMatching(/^was killed \(signal SIGKILL\)/) as unknown,
  });
});

test("a service that stops listening but lives does not own its port any more", async () => {
  const start = node(`
    const s = require("http").createServer((q, r) => { r.end(); if (q.url === "/close") { s.close(); setInterval(() => {}, 1000); } });
    s.listen(process.env.PORT, "127.0.0.1")`);
  const service = await launched(optionsOf(start));
  await fetch(`http://127.0.0.1:${service.port}/close`, { headers: { connection: "close" } });
  for (let tries = 0; (await service.health()).ownsPort && tries < 100; tries++) await sleep(20);
  expect(await service.health()).toEqual({
    alive: true,
    ownsPort: false,
    reason: `nothing listens on port ${service.port} any more`,
  });
});

test("a flood of output stays bounded on the disk, and its end can still be read", async () => {
  const start = `sh -c 'while :; do echo ::error::flood flood flood flood flood flood flood flood; done' & exec ${HELLO}`;
  const options = optionsOf(start);
  const service = await launched(options);
  // A flood of one line without end, on top.
  await sleep(1500);
  expect(statSync(options.logFile).size).toBeLessThan(200 * 1024 * 1024);
  expect(await service.logTail(3)).toContain("flood");
  await service.stop();
  expect(statSync(options.logFile).size).toBeLessThan(9 * 1024 * 1024);
  expect(await service.logTail(3)).toContain("flood");
});

test("one line without end is shown cut, with its length named", async () => {
  const start = node(`
    process.stdout.write("x".repeat(5000));
    require("http").createServer((q, r) => r.end()).listen(process.env.PORT, "127.0.0.1")`);
  const service = await launched(optionsOf(start));
  expect(await service.logTail()).toBe(`${"x".repeat(2000)} [... 3000 more characters]`);
});

test("a service goes on when the disk has no room for its output", async () => {
  const options = { ...optionsOf(`yes | head -c 100000; exec ${HELLO}`), logFile: "/dev/full" };
  const service = await launched(options);
  expect((await service.health()).alive).toBe(true);
});

test("twenty launches leave no process, socket, descriptor, timer or group behind", async () => {
  const options = optionsOf(HELLO);
  const descriptors = (): number => readdirSync("/proc/self/fd").length;
  const warm = await launched(options);
  await warm.stop();
  const before = descriptors();
  for (let launch = 0; launch < 20; launch++) {
    const service = await launched({ ...options, cgroup: launch % 2 === 0 });
    expect(await service.stop()).toMatchObject({ killed: false, left: [], portFree: true });
  }
  expect(descriptors()).toBeLessThanOrEqual(before + 1);
  expect(findOrphanedProcesses(options.runId, [])).toEqual([]);
});
