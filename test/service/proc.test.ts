import { createServer } from "node:net";
import { describe, expect, test } from "vitest";

import { cgroupParents } from "../../src/service/meter/cgroup.js";
import { parseCgroupCpu } from "../../src/service/meter/cgroup-cpu.js";
import { parseListeners } from "../../src/service/process/listeners.js";
import { isRunning, parseStat, readMemory, readThreadTimes } from "../../src/service/process/proc.js";
import { isReadyStatus } from "../../src/service/lifecycle/ready-question.js";
import {
  leftOutOn,
  refuseUnsupportedSystem,
  usageOnThisSystem,
} from "../../src/service/lifecycle/supported-system.js";
import { isPortFree } from "../../src/service/lifecycle/port.js";

describe("/proc/PID/stat", () => {
  const line = (name: string, state = "S", threads = 1): string =>
    `42 (${name}) ${state} 7 40 39 0 -1 4194560 1 2 3 4 11 22 33 44 20 0 ${threads} 0 5555 1000 200`;

  test.each(["node", "a b", "a) S 1 (b", "()", ""])(
    "/proc/PID/stat is read right for a process named %j",
    (name) => {
      expect(parseStat(line(name))).toEqual({
        pid: 42,
        name,
        state: "S",
        parent: 7,
        group: 40,
        session: 39,
        threads: 1,
        ownTicks: 33,
        childrenTicks: 77,
        startTime: 5555,
      });
    },
  );

  test.each(["", "42", "42 (x", "42 (x) S 1"])("%j is no line of /proc/PID/stat", (text) => {
    expect(parseStat(text)).toBeNull();
  });

  test("a zombie is dead, and one whose other threads run is not", () => {
    expect(isRunning(parseStat(line("x", "Z")))).toBe(false);
    expect(isRunning(parseStat(line("x", "Z", 3)))).toBe(true);
    expect(isRunning(parseStat(line("x", "S")))).toBe(true);
    expect(isRunning(null)).toBe(false);
  });
});

test("a process that is not there has no memory and no threads", () => {
  expect(readMemory(2 ** 22 + 1)).toBeNull();
  expect(readThreadTimes(2 ** 22 + 1).size).toBe(0);
  const own = readMemory(process.pid)!;
  expect(own.highWaterBytes).toBeGreaterThanOrEqual(own.residentBytes);
});

test("listening sockets are told from others in /proc/net/tcp", () => {
  const text = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1001        0 12345 1 0000 100 0 0 10 0",
    "   1: 0100007F:1F90 0100007F:A000 01 00000000:00000000 00:00000000 00000000     0        0 12346 1 0000 20 4 30 10 -1",
    "",
  ].join("\n");
  expect(parseListeners(text, 4)).toEqual([
    { port: 8080, family: 4, address: "0100007F", userId: 1001, inode: "12345" },
  ]);
});

test("a port is free before and after somebody listens on it, on whichever address", async () => {
  for (const host of ["127.0.0.1", "::1", "0.0.0.0"]) {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    const { port } = server.address() as { port: number };
    expect(await isPortFree(port)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await isPortFree(port)).toBe(true);
  }
});

describe("where control groups are", () => {
  test.each([
    [
      "a hosted runner",
      "0::/system.slice/hosted-compute-agent.service\n",
      "cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n",
      [{ version: 2, folder: "/sys/fs/cgroup/system.slice/hosted-compute-agent.service" }],
    ],
    [
      "both versions",
      "2:cpu,cpuacct:/a\n0::/b\n",
      "cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0\ncgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n",
      [
        { version: 2, folder: "/sys/fs/cgroup/unified/b" },
        { version: 1, folder: "/sys/fs/cgroup/cpu,cpuacct/a" },
      ],
    ],
    ["nothing mounted", "0::/\n", "", []],
    ["not a word", "", "", []],
  ])("the control groups of %s are found", (_, membership, mounts, parents) => {
    expect(cgroupParents({ membership, mounts })).toEqual(parents);
  });

  test("figures of both versions of control groups are read in the same units", () => {
    expect(parseCgroupCpu("usage_usec 1500\nuser_usec 1000\n", 2)).toBe(1_500_000);
    expect(parseCgroupCpu("1500000\n", 1)).toBe(1_500_000);
    expect(parseCgroupCpu("user_usec 1000\n", 2)).toBeNull();
  });
});

test.each([
  [200, [], true, true],
  [301, [], true, true],
  [404, [], true, false],
  [404, [], false, true],
  [500, [], false, false],
  [101, [], false, false],
  [418, [418], true, true],
  [200, [204], true, false],
])(
  "a status of %i, with %j accepted and a named path %j, makes ready %j",
  (status, accepted, named, ready) => {
    expect(isReadyStatus(status, accepted, named)).toBe(ready);
  },
);

test("every system either measures, says what it leaves out, or refuses with the reason", () => {
  expect(usageOnThisSystem("linux")).toBeNull();
  expect(leftOutOn("linux")).toEqual([]);
  expect(usageOnThisSystem("darwin")).toContain("macOS");
  expect(leftOutOn("darwin").join(" ")).toContain("the gates on them are off");
  refuseUnsupportedSystem("linux");
  refuseUnsupportedSystem("darwin");
  expect(() => {
    refuseUnsupportedSystem("win32");
  }).toThrow("Windows is not supported");
  expect(() => {
    refuseUnsupportedSystem("linux", false);
  }).toThrow("/proc is not mounted");
});
