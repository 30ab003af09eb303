import type { ArmProfile, ProfiledFunction } from "../model/profile.js";

/** The functions of one arm over all of its profiles. Its code is the same in all of them, so a line tells functions apart. */
export interface ArmFunctions {
  readonly functions: readonly ProfiledFunction[];
  /** For each profile, in the order given: where each of its functions stands in `functions`. */
  readonly places: ReadonlyMap<ArmProfile, Int32Array>;
}

/**
 * Each function once. Functions of one name on one line of one file cannot be told apart, so they count as one.
 */
export function armFunctions(profiles: readonly ArmProfile[]): ArmFunctions {
  const functions: ProfiledFunction[] = [];
  const placeOf = new Map<string, number>();
  const places = new Map(
    profiles.map((profile): [ArmProfile, Int32Array] => [
      profile,
      Int32Array.from(profile.functions, (one) => {
        const key = [one.origin, one.file ?? "", one.name, one.line ?? ""].join("\0");
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
