import { expect, test } from "vitest";

import { CpuAccount } from "../../src/service/meter/cpu-account.js";
import { MemoryPeak } from "../../src/service/meter/memory-peak.js";
import type { ProcessStat } from "../../src/service/process/proc.js";
import { ProcessTree, type ProcessSource } from "../../src/service/process/process-tree.js";

const TICK = 10_000_000;

function stat(pid: number, parent: number, more: Partial<ProcessStat> = {}): ProcessStat {
  return {
    pid,
    parent,
    name: "x",
    state: "S",
    group: pid,
    session: 1,
    threads: 1,
    ownTicks: 0,
    childrenTicks: 0,
    startTime: 100 + pid,
    ...more,
  };
}

/** A made-up /proc; `asked` counts what was read of each process. */
class MadeUp implements ProcessSource {
  readonly environs = new Map<number, string[]>();
  readonly asked: number[] = [];
  constructor(public processes: ProcessStat[]) {}
  listPids = (): number[] => this.processes.map((process) => process.pid);
  readStat = (pid: number): ProcessStat | null => {
    this.asked.push(pid);
    return this.processes.find((process) => process.pid === pid) ?? null;
  };
  readEnviron = (pid: number): string[] | null => this.environs.get(pid) ?? ["OTHER=1"];
}

function treeOf(source: MadeUp): { pids: () => number[] } {
  const tree = new ProcessTree(10, { variable: "MARK", value: "run:base:1" }, source);
  return { pids: () => [...tree.refresh().keys()].sort((a, b) => a - b) };
}

test("children, grandchildren and the session belong to the tree, in whatever order they are listed", () => {
  const source = new MadeUp([
    stat(1, 0),
    stat(13, 12),
    stat(12, 10),
    stat(10, 1, { session: 10 }),
    stat(20, 1, { session: 10 }),
    stat(30, 1),
  ]);
  expect(treeOf(source).pids()).toEqual([10, 12, 13, 20]);
});

test("a daemon that left belongs by its mark, and so do its children", () => {
  const source = new MadeUp([stat(10, 1), stat(40, 1), stat(41, 40), stat(50, 1)]);
  source.environs.set(40, ["A=1", "MARK=run:base:1"]);
  source.environs.set(50, ["MARK=run:base:12"]);
  expect(treeOf(source).pids()).toEqual([10, 40, 41]);
});

test("a child that is given to init when its parent ends stays a member", () => {
  const source = new MadeUp([stat(10, 1), stat(12, 10), stat(13, 12)]);
  const tree = treeOf(source);
  tree.pids();
  source.processes = [stat(10, 1), stat(13, 1)];
  expect(tree.pids()).toEqual([10, 13]);
});

test("a pid that is used again by a stranger is no member", () => {
  const source = new MadeUp([stat(10, 1), stat(12, 10)]);
  const tree = treeOf(source);
  tree.pids();
  source.processes = [stat(10, 1), stat(12, 1, { startTime: 9999 })];
  expect(tree.pids()).toEqual([10]);
});

test("a stranger's session that got the number of ours when all of ours were gone is no member", () => {
  const source = new MadeUp([stat(10, 1, { session: 10 }), stat(40, 1)]);
  source.environs.set(40, ["MARK=run:base:1"]);
  const tree = treeOf(source);
  expect(tree.pids()).toEqual([10, 40]);
  source.processes = [
    stat(40, 1),
    stat(10, 1, { session: 10, startTime: 9999 }),
    stat(70, 10, { session: 10 }),
  ];
  expect(tree.pids()).toEqual([40]);
});

test("a process being loaded, whose environment is still empty, is looked at again", () => {
  const source = new MadeUp([stat(10, 1), stat(40, 1)]);
  source.environs.set(40, []);
  const tree = treeOf(source);
  expect(tree.pids()).toEqual([10]);
  source.environs.set(40, ["MARK=run:base:1"]);
  expect(tree.pids()).toEqual([10, 40]);
});

test("strangers are read once, those older than the service not even asked for their environment", () => {
  const source = new MadeUp([stat(10, 1), stat(2, 0), stat(30, 1)]);
  const tree = treeOf(source);
  tree.pids();
  tree.pids();
  tree.pids();
  expect(source.asked.filter((pid) => pid === 30)).toHaveLength(1);
  expect(source.asked.filter((pid) => pid === 10)).toHaveLength(3);
});

function seen(...stats: ProcessStat[]): Map<number, ProcessStat> {
  return new Map(stats.map((one) => [one.pid, one]));
}

test("threads count in nanoseconds, ended ones by the ticks of their process", () => {
  const cpu = new CpuAccount();
  cpu.record(
    seen(stat(10, 1, { ownTicks: 1 })),
    () =>
      new Map([
        [10, 12_345_678],
        [11, 1_000],
      ]),
  );
  expect(cpu.totalNs).toBe(12_346_678);
  cpu.record(seen(stat(10, 1, { ownTicks: 9 })), () => new Map([[10, 12_345_678]]));
  expect(cpu.totalNs).toBe(9 * TICK);
});

test("a child that was waited for is counted once: as last seen, or as its parent's kernel counter, whichever is more", () => {
  const cpu = new CpuAccount();
  cpu.record(seen(stat(10, 1, { ownTicks: 5 }), stat(12, 10, { ownTicks: 20 })));
  expect(cpu.totalNs).toBe(25 * TICK);
  cpu.record(seen(stat(10, 1, { ownTicks: 5, childrenTicks: 23 })));
  expect(cpu.totalNs).toBe(28 * TICK);
});

test("a child that nobody waited for counts as last seen", () => {
  const cpu = new CpuAccount();
  cpu.record(seen(stat(10, 1), stat(12, 10, { ownTicks: 20 })));
  cpu.record(seen(stat(10, 1)));
  expect(cpu.totalNs).toBe(20 * TICK);
});

test("an orphan that outlives its parent is counted beside it", () => {
  const cpu = new CpuAccount();
  cpu.record(seen(stat(10, 1), stat(12, 10, { ownTicks: 3 }), stat(13, 12, { ownTicks: 4 })));
  cpu.record(seen(stat(10, 1, { childrenTicks: 3 }), stat(13, 1, { ownTicks: 6 })));
  expect(cpu.totalNs).toBe(9 * TICK);
  cpu.record(seen(stat(10, 1, { childrenTicks: 3 })));
  expect(cpu.totalNs).toBe(9 * TICK);
});

test("a pid used again starts a new account", () => {
  const cpu = new CpuAccount();
  cpu.record(seen(stat(10, 1), stat(12, 10, { ownTicks: 3, startTime: 1 })));
  cpu.record(seen(stat(10, 1), stat(12, 10, { ownTicks: 1, startTime: 2 })));
  expect(cpu.totalNs).toBe(4 * TICK);
});

test("the peak is of the tree's sum, not the sum of peaks long past", () => {
  const peak = new MemoryPeak();
  expect(peak.peakBytes).toBeNull();
  peak.record(new Map([[1, { residentBytes: 100, highWaterBytes: 100 }]]));
  peak.record(
    new Map([
      [1, { residentBytes: 20, highWaterBytes: 100 }],
      [2, { residentBytes: 50, highWaterBytes: 50 }],
    ]),
  );
  expect(peak.peakBytes).toBe(100);
  peak.record(
    new Map([
      [1, { residentBytes: 20, highWaterBytes: 150 }],
      [2, { residentBytes: 50, highWaterBytes: 50 }],
    ]),
  );
  expect(peak.peakBytes).toBe(200);
  peak.record(new Map());
  expect(peak.peakBytes).toBe(200);
});
