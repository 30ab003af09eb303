import type { ArmProfile, ProfiledFunction } from "../model/profile.js";

/** The functions of one arm over all of its profiles. Its code is the same in all of them, so a line tells functions apart. */
export interface ArmFunctions {
  readonly functions: readonly ProfiledFunction[];
  /** For each profile, in the order given: where each of its functions stands in `functions`. */
  readonly places: ReadonlyMap<ArmProfile, Int32Array>;
}

/**
 * Each function once. Functions of one name on one line of one file cannot be told apart, so they count as one. Where a
 * profile does not tell a function's line, as a compiler does not of what it put into others, it is the only one of
 * that name whose line is told.
 */
export function armFunctions(profiles: readonly ArmProfile[]): ArmFunctions {
  const functions: ProfiledFunction[] = [];
  const placeOf = new Map<string, number>();
  const told = toldPlaces(profiles);
  const places = new Map(
    profiles.map((profile): [ArmProfile, Int32Array] => [
      profile,
      Int32Array.from(profile.functions, (found) => {
        const one = found.line === null ? (told.get(nameKey(found)) ?? found) : found;
        const key = [nameKey(one), one.file ?? "", one.line ?? ""].join("\0");
        const place = placeOf.get(key) ?? functions.length;
        if (place === functions.length) {
          functions.push(one);
          placeOf.set(key, place);
        }
        return place;
      }),
    ]),
  );
  return { functions, places };
}

/** Functions whose line is told somewhere, by their names; of several of one name, none. */
function toldPlaces(profiles: readonly ArmProfile[]): ReadonlyMap<string, ProfiledFunction> {
  const told = new Map<string, ProfiledFunction | null>();
  for (const one of profiles.flatMap(({ functions }) => functions)) {
    if (one.line === null) continue;
    const known = told.get(nameKey(one));
    const isSame = known === undefined || (known?.line === one.line && known.file === one.file);
    told.set(nameKey(one), isSame ? one : null);
  }
  return new Map([...told].flatMap(([key, one]) => (one === null ? [] : [[key, one] as const])));
}

function nameKey({ origin, name }: ProfiledFunction): string {
  return `${origin}\0${name}`;
}

/** Mean exact calls of a request of each function; `null` where no profile counts them. */
export function meanCalls(arm: ArmFunctions): Float64Array | null {
  const sum = new Float64Array(arm.functions.length);
  let counted = 0;
  for (const [profile, places] of arm.places) {
    if (profile.calls === null || profile.calls.requests === 0) continue;
    counted++;
    const { counts, requests } = profile.calls;
    counts.forEach((count, i) => (sum[places[i]!]! += count / requests));
  }
  return counted === 0 ? null : sum.map((value) => value / counted);
}
