import type { ArmProfile } from "../model/profile.js";
import { armFunctions } from "./arm-functions.js";
import { matchFunctions, type MatchedFunction } from "./match-functions.js";

/** A profile with its functions told apart over both arms. */
export interface PlacedProfile {
  readonly profile: ArmProfile;
  /** Where each of the profile's functions stands among all of them. */
  readonly places: Int32Array;
}

/** Both arms in one block. */
interface ProfiledBlock {
  readonly baseline: PlacedProfile;
  readonly candidate: PlacedProfile;
}

export interface ComparedProfiles {
  readonly functions: readonly MatchedFunction[];
  /** Blocks that have a profile of both arms, in their order. */
  readonly blocks: readonly ProfiledBlock[];
}

/** Pairs the profiles of two arms block by block, and their functions one by one. */
export function compareProfiles(
  profiles: readonly ArmProfile[],
  baseline: string,
  candidate: string,
): ComparedProfiles {
  const of = (arm: string): ArmProfile[] =>
    profiles.filter((profile) => profile.arm === arm).sort((a, b) => a.block - b.block);
  const [from, to] = [armFunctions(of(baseline)), armFunctions(of(candidate))];
  const { functions, ofBaseline, ofCandidate } = matchFunctions(from, to);
  const placed = (places: Int32Array, own: Int32Array): Int32Array => places.map((place) => own[place]!);
  const blocks = [...from.places].flatMap(([profile, places]): ProfiledBlock[] => {
    const other = [...to.places].find(([one]) => one.block === profile.block);
    if (other === undefined) return [];
    return [
      {
        baseline: { profile, places: placed(places, ofBaseline) },
        candidate: { profile: other[0], places: placed(other[1], ofCandidate) },
      },
    ];
  });
  return { functions, blocks };
}
