import type { CpuChange, NamedFunction } from "../model/explanation.js";
import type { ProfiledFunction } from "../model/profile.js";
import type { CallChange } from "./call-changes.js";
import { calledForItsSake, sameFactor } from "./consequences.js";
import type { ComparedCpu } from "./cpu-changes.js";
import type { CallWeights } from "./cpu-of-functions.js";
import { nameOf, shownName, type MatchedFunction } from "./match-functions.js";
import { isMostlyBelow } from "./sentences.js";

/** All that was found out about the functions; each list has one entry a function. */
export interface FunctionEvidence {
  readonly functions: readonly MatchedFunction[];
  readonly calls: readonly CallChange[] | null;
  /** The whole service's CPU of a request. */
  readonly service: CpuChange | null;
  readonly own: ComparedCpu;
  readonly withCalls: ComparedCpu;
  readonly weights: CallWeights | null;
}

/** An `await` that every request comes to counts once for each of them. */
const LEAST_AWAITED = 1;
/** Share of a function's calls that must come from the repository for a package to count as called by it. */
const DIRECT_SHARE = 0.05;
/** Share of a change that must lie in a function, or in one of the runtime's functions that it calls, to be said of it. */
const MOST_OF_IT = 0.5;

/**
 * The functions that changed, the one that explains most first: those of the repository and of packages that it calls
 * itself before what these call, and that before the runtime's own. A function that is called more because its caller is
 * does not stand beside it: it is counted there.
 */
export function nameFunctions(evidence: FunctionEvidence): NamedFunction[] {
  const { functions, calls, own, weights } = evidence;
  const callsChanged = (place: number): boolean => calls?.[place]?.changed === true && isNameable(place);
  const isNameable = (place: number): boolean =>
    // How often the runtime's own functions run also depends on how requests fall together; whether they do, hardly.
    originOf(functions[place]!) !== "runtime" ||
    calls?.[place]?.exact === true ||
    calls?.[place]?.oneSided === true;
  const changed = functions.flatMap((_, place) => (callsChanged(place) ? [place] : []));
  const followers = calledForItsSake(changed, calls, weights);
  const around = innermostAround(evidence);
  const roots = functions.flatMap((_, place) => {
    if (followers.has(place)) return [];
    return callsChanged(place) || own.clear.has(place) || place === around ? [place] : [];
  });
  const standings = roots.map((place) => ({ place, ...standing(place, callsChanged(place), evidence) }));
  const ranked = standings
    .map((one) => ({ ...one, ...awaiting(one, standings, evidence) }))
    .sort(
      (a, b) =>
        a.tier - b.tier ||
        Number(a.isAwaiting) - Number(b.isAwaiting) ||
        Number(b.isMore) - Number(a.isMore) ||
        Math.abs(b.effectUs) - Math.abs(a.effectUs) ||
        b.callsBy - a.callsBy,
    );
  const named: { place: number; row: NamedFunction }[] = [];
  for (const { place } of ranked) {
    const host = named.find(
      (one) =>
        one.row.within?.name === shownName(nameOf(functions[place]!)).name &&
        originOf(functions[place]!) === "runtime",
    );
    if (host !== undefined) continue;
    const alike = named.find((one) => isUnseenAlike(place, one.place, evidence));
    if (alike !== undefined) alike.row = { ...alike.row, alike: alike.row.alike + 1 };
    else named.push({ place, row: namedFunction(place, followers, evidence) });
  }
  // Nobody can change the runtime: what it does more stands for itself only where none of its callers is known to.
  const isWritten = ({ origin }: NamedFunction): boolean => origin !== "runtime";
  const hasWritten = named.some(({ row }) => isWritten(row));
  return named.flatMap(({ place, row }) =>
    isWritten(row) || !hasWritten || own.clear.has(place) ? [row] : [],
  );
}

/**
 * Where nothing counts calls, a function of the repository that makes a package do more would not be named, as all the CPU
 * is the package's. It is the innermost one within which most of the service's change lies.
 */
function innermostAround({ functions, calls, service, withCalls }: FunctionEvidence): number | null {
  if (calls !== null || service === null || (service.lowUs <= 0 && service.highUs >= 0)) return null;
  const around = functions.flatMap((matched, place) => {
    const change = withCalls.changes.get(place);
    if (originOf(matched) !== "repository" || change === undefined || !withCalls.clear.has(place)) return [];
    return change.changeUs / service.changeUs >= MOST_OF_IT ? [{ place, change }] : [];
  });
  around.sort((a, b) => a.change.candidateUs - b.change.candidateUs);
  return around[0]?.place ?? null;
}

interface Standing {
  readonly tier: number;
  readonly isMore: boolean;
  readonly effectUs: number;
  readonly callsBy: number;
}

function standing(place: number, callsChanged: boolean, evidence: FunctionEvidence): Standing {
  const { functions, calls, own, withCalls } = evidence;
  const count = calls?.[place];
  const callsBy = count === undefined ? 0 : count.candidate - count.baseline;
  const [alone, whole] = [own, withCalls].map(({ changes }) => changes.get(place) ?? null) as [
    CpuChange | null,
    CpuChange | null,
  ];
  const isBelow = callsChanged || (calls === null && isMostlyBelow(alone, whole));
  const effectUs = (isBelow ? whole : alone)?.changeUs ?? 0;
  return {
    tier: tierOf(functions[place]!, place, evidence),
    isMore: effectUs === 0 ? callsBy > 0 : effectUs > 0,
    effectUs,
    callsBy: Math.abs(callsBy),
  };
}

/**
 * V8 counts an asynchronous function again whenever it goes on after an `await`. One that both arms have, and that is counted
 * more by as much as a package's function is called more, most likely awaits that: it stands behind it.
 */
function awaiting(
  { place, tier }: Standing & { readonly place: number },
  others: readonly (Standing & { readonly place: number })[],
  { functions, calls }: FunctionEvidence,
): { readonly tier: number; readonly isAwaiting: boolean } {
  const more = (one: number): number => (calls === null ? 0 : calls[one]!.candidate - calls[one]!.baseline);
  const { baseline, candidate } = functions[place]!;
  if (baseline?.origin !== "repository" || candidate === null || more(place) < LEAST_AWAITED) {
    return { tier, isAwaiting: false };
  }
  const awaited = others.filter(
    (other) =>
      originOf(functions[other.place]!) === "dependency" &&
      Math.abs(more(other.place) - more(place)) < LEAST_AWAITED / 2,
  );
  const isAwaiting = awaited.length > 0;
  return { tier: isAwaiting ? Math.min(...awaited.map((one) => one.tier)) : tier, isAwaiting };
}

function tierOf(matched: MatchedFunction, place: number, evidence: FunctionEvidence): number {
  switch (originOf(matched)) {
    case "repository":
      return 0;
    case "dependency":
      return isCalledByRepository(place, evidence) ? 0 : 1;
    case "runtime":
      return 2;
  }
}

function isCalledByRepository(place: number, { functions, weights }: FunctionEvidence): boolean {
  const callers = weights?.callers[place] ?? new Map<number, number>();
  let [direct, all] = [0, 0];
  for (const [caller, weight] of callers) {
    all += weight;
    if (caller !== -1 && originOf(functions[caller]!) === "repository") direct += weight;
  }
  return all > 0 && direct >= DIRECT_SHARE * all;
}

/** Never seen while sampling, so that its caller is not known, but of the same code and called more by the same factor. */
function isUnseenAlike(
  place: number,
  other: number,
  { functions, calls, weights }: FunctionEvidence,
): boolean {
  if (calls === null || (weights?.callers[place]?.size ?? 0) > 0) return false;
  const [one, two] = [nameOf(functions[place]!), nameOf(functions[other]!)];
  return (
    calls[place]!.changed &&
    calls[other]!.changed &&
    one.origin === two.origin &&
    codeOf(one) === codeOf(two) &&
    sameFactor(calls[place]!, calls[other]!)
  );
}

/** The file of the repository, the package, or the runtime as a whole. */
function codeOf({ origin, file }: ProfiledFunction): string {
  if (file === null || origin === "runtime") return "";
  if (origin === "repository") return file;
  return file
    .split("/")
    .slice(0, file.startsWith("@") ? 2 : 1)
    .join("/");
}

function namedFunction(
  place: number,
  followers: ReadonlyMap<number, number>,
  evidence: FunctionEvidence,
): NamedFunction {
  const { functions, calls, own, withCalls } = evidence;
  const { baseline, candidate } = functions[place]!;
  const isMoved =
    baseline !== null &&
    candidate !== null &&
    (baseline.name !== candidate.name || isOtherFile(baseline.file, candidate.file));
  return {
    ...shownName(nameOf(functions[place]!)),
    kind: baseline === null ? "new" : candidate === null ? "gone" : isMoved ? "moved" : "changed",
    from: isMoved ? shownName(baseline) : null,
    calls: countedCalls(calls?.[place]),
    cpu: own.changes.get(place) ?? null,
    cpuWithCalls: withCalls.changes.get(place) ?? null,
    within: within(place, own.changes.get(place) ?? null, evidence),
    alike: [...followers.values()].filter((root) => root === place).length,
  };
}

/** Of inlined functions the file is not always known: that is no move. */
function isOtherFile(baseline: string | null, candidate: string | null): boolean {
  return baseline !== null && candidate !== null && baseline !== candidate;
}

function countedCalls(count: CallChange | undefined): NamedFunction["calls"] {
  return count?.counted === true ? { baseline: count.baseline, candidate: count.candidate } : null;
}

/** The runtime's function in which most of the function's own change lies. */
function within(
  place: number,
  change: CpuChange | null,
  { functions, calls, weights, own }: FunctionEvidence,
): NamedFunction["within"] {
  if (change === null || weights === null || !own.clear.has(place)) return null;
  for (const [callee, changeUs] of weights.runtimeChange[place]!) {
    if (changeUs * Math.sign(change.changeUs) < MOST_OF_IT * Math.abs(change.changeUs)) continue;
    return {
      name: shownName(nameOf(functions[callee]!)).name,
      calls: countedCalls(calls?.[callee]),
    };
  }
  return null;
}

function originOf(matched: MatchedFunction): ProfiledFunction["origin"] {
  return nameOf(matched).origin;
}
