import type { ProfiledFunction } from "../model/profile.js";
import { shortened, visible } from "../text/escape.js";
import { meanCalls, type ArmFunctions } from "./arm-functions.js";
import { alignSameNames, type Placed } from "./align-same-names.js";
import { groups } from "./groups.js";
import { matchMoved } from "./match-moved.js";

/** One function of both arms, or of the one that has it. */
export interface MatchedFunction {
  readonly baseline: ProfiledFunction | null;
  readonly candidate: ProfiledFunction | null;
}

export interface MatchedFunctions {
  readonly functions: readonly MatchedFunction[];
  /** Where each of an arm's functions stands in `functions`. */
  readonly ofBaseline: Int32Array;
  readonly ofCandidate: Int32Array;
}

/**
 * Tells which functions of the candidate are which of the baseline's, though lines above them came or went. What is alone
 * of its name in its file is the same; several of one name (anonymous ones above all) are aligned in the order in which
 * they stand. What is left may have been renamed or moved, where only one answer is possible.
 */
export function matchFunctions(baseline: ArmFunctions, candidate: ArmFunctions): MatchedFunctions {
  const from = placed(baseline);
  const to = placed(candidate);
  const partner = new Int32Array(from.length).fill(-1);
  const taken = new Uint8Array(to.length);
  const pair = (a: Placed, b: Placed): void => {
    partner[a.place] = b.place;
    taken[b.place] = 1;
  };
  const files = groups(to, fileKey);
  for (const [file, inBaseline] of groups(from, fileKey)) {
    alignSameNames(inBaseline, files.get(file) ?? []).forEach(([a, b]) => {
      pair(a, b);
    });
  }
  matchMoved(
    { from, to, partner },
    from.filter(({ place }) => partner[place] === -1),
    to.filter(({ place }) => taken[place] === 0),
  ).forEach(([a, b]) => {
    pair(a, b);
  });
  return numbered(baseline, candidate, partner);
}

function placed(arm: ArmFunctions): Placed[] {
  const calls = meanCalls(arm);
  return arm.functions.map((one, place) => ({ place, one, calls: calls?.[place] ?? null }));
}

function fileKey({ one }: Placed): string {
  return `${one.origin}\0${one.file ?? ""}`;
}

function numbered(baseline: ArmFunctions, candidate: ArmFunctions, partner: Int32Array): MatchedFunctions {
  const functions: MatchedFunction[] = [];
  const ofCandidate = new Int32Array(candidate.functions.length).fill(-1);
  const ofBaseline = Int32Array.from(baseline.functions, (one, place) => {
    const other = partner[place]!;
    if (other !== -1) ofCandidate[other] = functions.length;
    return (
      functions.push({ baseline: one, candidate: other === -1 ? null : candidate.functions[other]! }) - 1
    );
  });
  candidate.functions.forEach((one, place) => {
    if (ofCandidate[place] === -1)
      ofCandidate[place] = functions.push({ baseline: null, candidate: one }) - 1;
  });
  return { functions, ofBaseline, ofCandidate };
}

/** As the candidate has it, if it does. */
export function nameOf({ baseline, candidate }: MatchedFunction): ProfiledFunction {
  return (candidate ?? baseline)!;
}

const LONGEST_NAME = 100;
const LONGEST_FILE = 160;

/** Of a length that a result can hold many of, in one line that can be seen. What a file ends with tells most. */
export function shownName({ name, file, line, origin }: ProfiledFunction): ProfiledFunction {
  return {
    name: shortened(seen(name), LONGEST_NAME),
    file: file === null ? null : ending(seen(file)),
    line,
    origin,
  };
}

/** Cut first: a name may be as long as its author likes. */
function seen(text: string): string {
  return visible(text.slice(0, 2_000));
}

function ending(text: string): string {
  const points = Array.from(text);
  return points.length <= LONGEST_FILE ? text : `…${points.slice(1 - LONGEST_FILE).join("")}`;
}
