import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { MachineNoise } from "../model/block.js";
import type { Probe } from "./probe.js";

/**
 * Where some task waited for a processor for more of the time than this, it is asked who kept them busy: the service and
 * its database may do so themselves, other work would do so without them too.
 */
const ASKED_FROM_PRESSURE = 0.5;
/** The kernel counts in hundredths of a second: forty of them on two processors. */
const LOOK_MS = 200;

interface Counters {
  readonly stealTicks: number | null;
  readonly idleTicks: number | null;
  readonly totalTicks: number | null;
  readonly pressureUs: number | null;
  readonly atMs: number;
}

/**
 * How much other work took of the machine's processors, from the kernel's counters. To be stopped once everything that is
 * measured has ended: what the processors do then is other work.
 *
 * @param folder - where the kernel shows its counters
 */
export function machineNoiseProbe(nowMs: () => number, folder = "/proc"): Probe<MachineNoise> {
  const counters = (): Promise<Counters> => readCounters(folder, nowMs());
  return {
    async start() {
      const before = await counters();
      return async () => {
        const after = await counters();
        const cpuPressureShare = pressureShare(before, after);
        const noise = { stealShare: shareOf("stealTicks", before, after), cpuPressureShare };
        if (cpuPressureShare === null || cpuPressureShare <= ASKED_FROM_PRESSURE) return noise;
        await sleep(LOOK_MS);
        const idle = shareOf("idleTicks", after, await counters());
        return idle === null ? noise : { ...noise, otherWorkShare: 1 - idle };
      };
    },
  };
}

function shareOf(ticks: "stealTicks" | "idleTicks", before: Counters, after: Counters): number | null {
  if (before[ticks] === null || after[ticks] === null) return null;
  const total = after.totalTicks! - before.totalTicks!;
  // Idle time that a processor has not reported yet is taken back: the counter may fall by a tick.
  return total > 0 ? Math.min(1, Math.max(0, (after[ticks] - before[ticks]) / total)) : null;
}

function pressureShare(before: Counters, after: Counters): number | null {
  if (before.pressureUs === null || after.pressureUs === null) return null;
  const elapsedUs = (after.atMs - before.atMs) * 1000;
  return elapsedUs > 0 ? Math.min(1, (after.pressureUs - before.pressureUs) / elapsedUs) : null;
}

async function readCounters(folder: string, atMs: number): Promise<Counters> {
  const [stat, pressure] = await Promise.all([
    textOf(join(folder, "stat")),
    textOf(join(folder, "pressure", "cpu")),
  ]);
  // "cpu user nice system idle iowait irq softirq steal guest guest_nice"; guest is already in user (proc(5)).
  const ticks = stat?.split("\n", 1)[0]?.trim().split(/\s+/).slice(1, 9).map(Number) ?? [];
  const some = /^some .*total=([0-9]+)/m.exec(pressure ?? "");
  const known = ticks.length === 8;
  return {
    stealTicks: known ? ticks[7]! : null,
    idleTicks: known ? ticks[3]! + ticks[4]! : null,
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
