import type { ProfiledStack } from "../model/profile.js";
import type { ComparedProfiles, PlacedProfile } from "./compared-profiles.js";

/** CPU of a request in microseconds, of every function in every block, of one arm. */
interface ArmCpu {
  /** In the function and in the runtime's functions that it calls: [function][block]. */
  readonly own: readonly Float64Array[];
  /** In the function and in everything that it calls: [function][block]. */
  readonly withCalls: readonly Float64Array[];
  /** All that was sampled: [block]. */
  readonly total: Float64Array;
}

/** Who calls whom, by the CPU that was seen on the way, in microseconds of a request. Runtime functions in between are left out. */
export interface CallWeights {
  /** Callers of each function; -1 is the outermost. */
  readonly callers: readonly ReadonlyMap<number, number>[];
  /** Change of the CPU in the runtime's functions that each function calls, by the innermost of them that is called directly. */
  readonly runtimeChange: readonly ReadonlyMap<number, number>[];
}

export interface CpuOfFunctions {
  readonly baseline: ArmCpu;
  readonly candidate: ArmCpu;
  readonly calls: CallWeights;
  readonly blocks: number;
}

/**
 * CPU of a request of every function. Time in a runtime's function counts for the function of the repository or of a
 * package that called it, as nobody can change the runtime's; only where none did, it counts for the runtime's own.
 *
 * @returns `null` when no block samples both arms
 */
export function cpuOfFunctions({ functions, blocks }: ComparedProfiles): CpuOfFunctions | null {
  const sampled = blocks.filter(({ baseline, candidate }) => isSampled(baseline) && isSampled(candidate));
  if (sampled.length === 0) return null;
  const isRuntime = Uint8Array.from(functions, ({ baseline, candidate }) =>
    (candidate ?? baseline)!.origin === "runtime" ? 1 : 0,
  );
  const calls = {
    callers: functions.map(() => new Map<number, number>()),
    runtimeChange: functions.map(() => new Map<number, number>()),
  };
  const arm = (side: "baseline" | "candidate"): ArmCpu => {
    const cpu = {
      own: functions.map(() => new Float64Array(sampled.length)),
      withCalls: functions.map(() => new Float64Array(sampled.length)),
      total: new Float64Array(sampled.length),
    };
    const sign = side === "candidate" ? 1 : -1;
    sampled.forEach((block, index) => {
      const { profile, places } = block[side];
      const { stacks, requests } = profile.cpu!;
      for (const stack of stacks) {
        const us = stack.cpuUs / requests;
        cpu.total[index]! += us;
        addStack(stack, places, us, { index, sign: sign / sampled.length, cpu, calls, isRuntime });
      }
    });
    return cpu;
  };
  return { baseline: arm("baseline"), candidate: arm("candidate"), calls, blocks: sampled.length };
}

function isSampled({ profile }: PlacedProfile): boolean {
  return profile.cpu !== null && profile.cpu.requests > 0;
}

interface Tally {
  readonly index: number;
  /** 1 / blocks, negative for the baseline. */
  readonly sign: number;
  readonly cpu: ArmCpu;
  readonly calls: { callers: Map<number, number>[]; runtimeChange: Map<number, number>[] };
  readonly isRuntime: Uint8Array;
}

function addStack(stack: ProfiledStack, places: Int32Array, us: number, tally: Tally): void {
  const { index, sign, cpu, calls, isRuntime } = tally;
  const seen = new Set<number>();
  let caller = -1;
  /** Of the runtime, called by `caller`. */
  let called = -1;
  for (const frame of stack.frames) {
    const place = places[frame]!;
    if (!seen.has(place)) {
      seen.add(place);
      cpu.withCalls[place]![index]! += us;
      // A function that calls itself is called by whoever called it first.
      add(calls.callers[place]!, caller, us * Math.abs(sign));
    }
    if (isRuntime[place] === 1) {
      if (called === -1) called = place;
    } else {
      caller = place;
      called = -1;
    }
  }
  const innermost = stack.frames.at(-1);
  const owner = caller !== -1 ? caller : innermost === undefined ? -1 : places[innermost]!;
  if (owner === -1) return;
  cpu.own[owner]![index]! += us;
  if (caller !== -1 && called !== -1) add(calls.runtimeChange[caller]!, called, us * sign);
}

function add(map: Map<number, number>, key: number, value: number): void {
  map.set(key, (map.get(key) ?? 0) + value);
}
