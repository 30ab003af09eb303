import type { ArmProfile, ProfiledStack } from "../model/profile.js";
import type { ProfileReading } from "../probes/instrument.js";
import { FunctionTable } from "../probes/place-function.js";

/** Of one arm and block; a profile has more call paths than anybody reads, and the smallest hold next to nothing. */
const MOST_STACKS = 20_000;
const MOST_FUNCTIONS = 10_000;

/** All processes of a service as one: calls and CPU of the same function are added up. */
export function mergeReadings(
  readings: readonly ProfileReading[],
  requests: number,
): Pick<ArmProfile, "functions" | "calls" | "cpu"> {
  const table = new FunctionTable();
  const counts: number[] = [];
  const stacks: ProfiledStack[] = [];
  for (const { functions, calls, stacks: own } of readings) {
    const places = functions.map((one) => table.placeOf(one));
    calls?.forEach((count, place) => {
      counts[places[place]!] = (counts[places[place]!] ?? 0) + count;
    });
    for (const { frames, cpuUs } of own ?? []) {
      stacks.push({ frames: frames.map((frame) => places[frame]!), cpuUs });
    }
  }
  return withoutSmallest({
    functions: table.functions,
    calls: readings.some(({ calls }) => calls !== null)
      ? { counts: table.functions.map((_, place) => counts[place] ?? 0), requests }
      : null,
    cpu: readings.some((reading) => reading.stacks !== null) ? { stacks, requests } : null,
  });
}

type Merged = Pick<ArmProfile, "functions" | "calls" | "cpu">;

function withoutSmallest({ functions, calls, cpu }: Merged): Merged {
  const stacks = [...(cpu?.stacks ?? [])].sort((a, b) => b.cpuUs - a.cpuUs).slice(0, MOST_STACKS);
  const kept = functions
    .map((_, place) => place)
    .sort((a, b) => (calls?.counts[b] ?? 0) - (calls?.counts[a] ?? 0))
    .slice(0, MOST_FUNCTIONS);
  if (kept.length === functions.length) {
    return { functions, calls, cpu: cpu === null ? null : { ...cpu, stacks } };
  }
  const placeOf = new Map(kept.map((place, index) => [place, index]));
  return {
    functions: kept.map((place) => functions[place]!),
    calls: calls === null ? null : { ...calls, counts: kept.map((place) => calls.counts[place]!) },
    cpu:
      cpu === null
        ? null
        : {
            ...cpu,
            stacks: stacks.map(({ frames, cpuUs }) => ({
              cpuUs,
              frames: frames.flatMap((frame) => placeOf.get(frame) ?? []),
            })),
          },
  };
}
