import type { ArmSamples } from "../../src/load/samples/samples.js";
import { STALL } from "./server.js";

/**
 * What the stalls did to exactly these arrivals, ascending, milliseconds: random arrivals meet stalls with a scatter of
 * their own, and queue for connections. Where the stalls lie is found from the longest wait, whose response came when its
 * stall ended. `wayMs`: the way there and back, which a request holds its connection for as well.
 */
export function stallTruthFor(samples: ArmSamples, connections: number, wayMs: number): Float64Array {
  const { intendedUs, sentUs, latencyUs, queued } = samples;
  const doneUs = latencyUs.map((us, i) => (queued[i] === 1 ? intendedUs[i]! : sentUs[i]!) + us);
  let longest = 0;
  const waitUs = (i: number): number => doneUs[i]! - intendedUs[i]!;
  for (let i = 0; i < intendedUs.length; i++) if (waitUs(i) > waitUs(longest)) longest = i;
  const endMs = doneUs[longest]! / 1000 - STALL.otherwiseMs - wayMs;
  const freeMs = new Float64Array(connections);
  const latencies = intendedUs.map((us) => {
    const atMs = us / 1000;
    const first = freeMs.indexOf(Math.min(...freeMs));
    const startMs = Math.max(atMs, freeMs[first]!);
    const leftMs = (((endMs - startMs) % STALL.everyMs) + STALL.everyMs) % STALL.everyMs;
    const doneMs = startMs + (leftMs <= STALL.lengthMs ? leftMs : 0) + STALL.otherwiseMs + wayMs;
    freeMs[first] = doneMs;
    return doneMs - atMs;
  });
  return latencies.sort();
}
