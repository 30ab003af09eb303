import type { ProfiledStack } from "../../model/profile.js";
import type { ProfileReading } from "../instrument.js";
import { FunctionTable } from "../place-function.js";
import type { OwnCode } from "./own-code.js";
import { isKernel, type PerfFrame, type PerfStack } from "./perf-script.js";
import { KERNEL, placeNative, type NativeFunction } from "./place-native.js";
import type { SourceLines } from "./source-lines.js";

/** What is known of an object file that samples fell into. */
export interface KnownObject {
  readonly isGo: boolean;
  addressOf(offset: number): number | null;
  readonly lines: SourceLines;
}

export type KnownObjects = ReadonlyMap<string, KnownObject>;

/** Places that lines are asked for: of a frame its own, and the start of its function. */
export function addressesOf(
  stacks: readonly PerfStack[],
  object: string,
  known: Omit<KnownObject, "lines">,
): Set<number> {
  const addresses = new Set<number>();
  for (const frame of stacks.flatMap(({ frames }) => frames)) {
    const address = frame.object === object ? known.addressOf(frame.offset) : null;
    if (address === null || frame.symbol === null) continue;
    addresses.add(address - frame.intoSymbol);
    if (!known.isGo) addresses.add(address);
  }
  return addresses;
}

/** Samples of `perf` as a profile. */
export function nativeReading(
  stacks: readonly PerfStack[],
  objects: KnownObjects,
  checkout: string,
  own: OwnCode,
): ProfileReading {
  const table = new FunctionTable();
  const read: ProfiledStack[] = stacks.map(({ frames, cpuUs }) => {
    const places: number[] = [];
    for (const frame of frames) {
      const found = isKernel(frame)
        ? [KERNEL]
        : functionsAt(frame, objects.get(frame.object)).map((one) => placeNative(one, checkout, own));
      for (const one of found) {
        const place = table.placeOf(one);
        // The kernel's own functions are one, and so is a function that calls itself.
        if (places[0] !== place) places.unshift(place);
      }
    }
    return { frames: places, cpuUs };
  });
  return { functions: table.functions, calls: null, stacks: read };
}

/** The function at a frame, and before it those that the compiler put into it. */
function functionsAt(frame: PerfFrame, known: KnownObject | undefined): NativeFunction[] {
  const { object, symbol, offset, intoSymbol } = frame;
  const isGo = known?.isGo ?? false;
  if (symbol === null || known === undefined) {
    return [{ name: symbol ?? "", object, isGo, file: null, line: null }];
  }
  const address = known.addressOf(offset);
  const definition = address === null ? undefined : known.lines.get(address - intoSymbol)?.at(-1);
  const inlined = (address === null ? undefined : known.lines.get(address))?.slice(0, -1) ?? [];
  return [
    // Where one of these is defined is not told, only where its code was met.
    ...inlined.map(({ name, file }) => ({ name, object, isGo, file, line: null })),
    { name: symbol, object, isGo, file: definition?.file ?? null, line: definition?.line ?? null },
  ];
}
