import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

import { describeExit } from "../../src/service/process/exit.js";
import { launch } from "../../src/service/lifecycle/launch.js";
import { oomScoreAdjustment, outOfMemoryKills } from "../../src/service/process/out-of-memory.js";
import { findOrphanedProcesses } from "../../src/service/process/orphaned-processes.js";
import { HELLO, launched, node, optionsOf } from "./made-up-services.js";
import { makeMemoryGroup } from "./memory-group.js";

const MIB = 1024 * 1024;

describe("the end of a process in words", () => {
  const plain = { peakResidentBytes: null, outOfMemoryKills: 0, diskIsFull: false };
  test.each([
    [{ code: 0, signal: null }, plain, "exited with code 0"],
    [{ code: 7, signal: null }, { ...plain, peakResidentBytes: 64 * MIB }, "exited with code 7"],
    [
      { code: 1, signal: null },
      { ...plain, diskIsFull: true },
      "exited with code 1; the disk of its folder is full",
    ],
    [{ code: null, signal: "SIGTERM" }, { ...plain, outOfMemoryKills: 1 }, "was ended by SIGTERM"],
    [{ code: null, signal: "SIGKILL" }, plain, "was killed (signal SIGKILL)"],
    [
      { code: null, signal: "SIGKILL" },
      { ...plain, peakResidentBytes: 512.4 * MIB },
      "was killed (signal SIGKILL); the peak memory seen was 512 MiB",
    ],
    [
      { code: null, signal: "SIGKILL" },
      { ...plain, peakResidentBytes: 512 * MIB, outOfMemoryKills: null },
      "was killed (signal SIGKILL); the peak memory seen was 512 MiB; out of memory?",
    ],
    [
      { code: null, signal: "SIGKILL" },
      { ...plain, peakResidentBytes: 512 * MIB, outOfMemoryKills: 1 },
      "was killed (signal SIGKILL); the peak memory seen was 512 MiB; the kernel was out of memory meanwhile: let it use less, or measure where there is more",
    ],
    [
      { code: 137, signal: null },
      { ...plain, peakResidentBytes: 512 * MIB, outOfMemoryKills: null },
      "exited with code 137, as after SIGKILL; the peak memory seen was 512 MiB; out of memory?",
    ],
  ])("an exit of %j in %j reads: %s", (exit, circumstances, words) => {
    expect(describeExit(exit, circumstances)).toBe(words);
  });
});

describe.runIf(process.platform === "linux")("when memory is short", () => {
  test.each([{ cgroup: true }, { cgroup: false }])(
    "the kernel takes the service and its children before us, with $cgroup for a control group",
    async ({ cgroup }) => {
      const start = node(`
        const own = (pid) => require("fs").readFileSync("/proc/" + pid + "/oom_score_adj", "utf8").trim();
        const child = require("child_process").spawn("sleep", ["1000"]);
        require("http").createServer((q, r) => r.end(own("self") + " " + own(child.pid))).listen(process.env.PORT, "127.0.0.1")`);
      const service = await launched({ ...optionsOf(start), cgroup });
      const ours = Number(readFileSync("/proc/self/oom_score_adj", "utf8"));
      const theirs = oomScoreAdjustment()!;
      expect(theirs).toBeGreaterThan(ours);
      const seen = await (await fetch(`http://127.0.0.1:${service.port}/`)).text();
      expect(seen).toBe(`${theirs} ${theirs}`);
    },
  );

  test("a service that outgrows its own limit ends by itself, and its log says why", async () => {
    const options = optionsOf(`exec ${process.execPath} --max-old-space-size=32 server.cjs`);
    writeFileSync(join(options.checkout, "server.cjs"), LEAK);
    const service = await launched(options);
    await fetch(`http://127.0.0.1:${service.port}/leak`).catch(() => null);
    expect(await service.exited).toEqual({ code: null, signal: "SIGABRT" });
    expect((await service.health()).reason).toBe("was ended by SIGABRT");
    expect(await service.logTail(200)).toContain("heap out of memory");
  });
});

/** Asked for /leak, it takes memory until somebody ends it. */
const LEAK = `
  const kept = [];
  const more = () => { for (let i = 0; i < 100; i++) kept.push(Array.from({ length: 1000 }, Math.random)); setImmediate(more); };
  require("http").createServer((q, r) => { if (q.url === "/leak") more(); else r.end(); }).listen(process.env.PORT, "127.0.0.1");
`;

const group = makeMemoryGroup(128 * MIB);

describe("in a control group of 128 MiB", () => {
  afterAll(async () => {
    if (!("notAllowed" in group)) await group.remove();
  });

  test("a service that leaks is killed, and the reason says what killed it, with the peak seen", async (context) => {
    if ("notAllowed" in group) return context.skip(group.notAllowed);
    const options = optionsOf(`${group.enter}; exec ${process.execPath} server.cjs`);
    writeFileSync(join(options.checkout, "server.cjs"), LEAK);
    const killsBefore = outOfMemoryKills();
    const service = await launched({ ...options, cgroup: false });
    await fetch(`http://127.0.0.1:${service.port}/leak`).catch(() => null);
    expect(await service.exited).toEqual({ code: null, signal: "SIGKILL" });
    if (killsBefore !== null) expect(outOfMemoryKills()).toBeGreaterThan(killsBefore);
    const { alive, reason } = await service.health();
    expect(alive).toBe(false);
    expect(reason).toMatch(
      killsBefore === null
        ? /^was killed \(signal SIGKILL\); the peak memory seen was \d+ MiB; out of memory\?$/
        : /^was killed \(signal SIGKILL\); the peak memory seen was \d+ MiB; the kernel was out of memory meanwhile: let it use less/,
    );
    const peakMib = Number(/was (\d+) MiB/.exec(reason!)![1]);
    expect(peakMib).toBeGreaterThan(20);
    expect(peakMib).toBeLessThan(200);
    expect(await service.stop()).toMatchObject({ left: [], portFree: true });
  });

  test("the error of a service that takes too much memory while it starts says so before it is ready", async (context) => {
    if ("notAllowed" in group) return context.skip(group.notAllowed);
    const options = optionsOf(
      `${group.enter}; exec ${process.execPath} -e 'Buffer.alloc(512 * 1024 * 1024, 1)'`,
    );
    await expect(launch(options)).rejects.toMatchObject({
      code: "service",
      message: expect.stringMatching(
        /^base: the service was killed \(signal SIGKILL\).* before it was ready/,
      ) as unknown,
    });
    expect(findOrphanedProcesses(options.runId, [])).toEqual([]);
  });
});

test("the end of a service that does not leak says nothing of memory", async () => {
  const service = await launched(optionsOf(HELLO));
  process.kill(service.pid, "SIGKILL");
  await service.exited;
  expect((await service.health()).reason).toMatch(
    /^was killed \(signal SIGKILL\)(; the peak memory seen was \d+ MiB)?$/,
  );
});
