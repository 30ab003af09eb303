import { readFile } from "node:fs/promises";
import type { MachineNoise } from "../model/block.js";
import type { Probe } from "./probe.js";

interface Counters {
  readonly stealTicks: number | null;
  readonly totalTicks: number | null;
  readonly pressureUs: number | null;
  readonly atMs: number;
}

/** How much other work took of the machine's processors, from the kernel's counters. */
export function machineNoiseProbe(nowMs: () => number): Probe<MachineNoise> {
  return {
    async start() {
      const before = await readCounters(nowMs());
      return async () => {
        const after = await readCounters(nowMs());
        return { stealShare: stealShare(before, after), cpuPressureShare: pressureShare(before, after) };
      };
    },
  };
}

function stealShare(before: Counters, after: Counters): number | null {
  if (before.stealTicks === null || after.stealTicks === null) return null;
  const total = after.totalTicks! - before.totalTicks!;
  return total > 0 ? (after.stealTicks - before.stealTicks) / total : null;
}

function pressureShare(before: Counters, after: Counters): number | null {
  if (before.pressureUs === null || after.pressureUs === null) return null;
  const elapsedUs = (after.atMs - before.atMs) * 1000;
  return elapsedUs > 0 ? Math.min(1, (after.pressureUs - before.pressureUs) / elapsedUs) : null;
}

async function readCounters(atMs: number): Promise<Counters> {
  const [stat, pressure] = await Promise.all([textOf("/proc/stat"), textOf("/proc/pressure/cpu")]);
  // "cpu user nice system idle iowait irq softirq steal guest guest_nice"; guest is already in user (proc(5)).
  const ticks = stat?.split("\n", 1)[0]?.trim().split(/\s+/).slice(1, 9).map(Number) ?? [];
  const some = /^some .*total=([0-9]+)/m.exec(pressure ?? "");
  const known = ticks.length === 8;
  return {
    stealTicks: known ? ticks[7]! : null,
    totalTicks: known ? ticks.reduce((sum, tick) => sum + tick, 0) : null,
    pressureUs: some ? Number(some[1]) : null,
    atMs,
  };
}

/** `null` on systems that do not have the file. */
async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return null;
  }
}
