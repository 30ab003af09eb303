import type { ProfiledFunction } from "../model/profile.js";
import { groups } from "./groups.js";

/** A function of one arm, with its place among that arm's functions. */
export interface Placed {
  readonly place: number;
  readonly one: ProfiledFunction;
  /** Mean exact calls of a request; `null` where nothing counts them. */
  readonly calls: number | null;
}

type Pair = readonly [baseline: Placed, candidate: Placed];

/** More pairs than this are not weighed against each other: they are taken in their order. */
const MOST_WEIGHED = 1_000_000;

/** Pairs functions of one file that have the same name in both arms. */
export function alignSameNames(baseline: readonly Placed[], candidate: readonly Placed[]): Pair[] {
  const others = groups(candidate, ({ one }) => one.name);
  const pairs: Pair[] = [];
  const several: (readonly [readonly Placed[], readonly Placed[]])[] = [];
  for (const [name, same] of groups(baseline, ({ one }) => one.name)) {
    const there = others.get(name);
    if (there === undefined) continue;
    if (same.length === 1 && there.length === 1) pairs.push([same[0]!, there[0]!]);
    else several.push([byLine(same), byLine(there)]);
  }
  const expected = expectedLine(pairs);
  return [...pairs, ...several.flatMap(([a, b]) => alignInOrder(a, b, expected))];
}

/**
 * Where a line of the baseline should stand in the candidate, from the pairs that are certain: as far from the one
 * before it as it was.
 */
export function expectedLine(pairs: readonly Pair[]): (line: number | null) => number | null {
  const anchors = pairs
    .flatMap(([a, b]) =>
      a.one.line === null || b.one.line === null ? [] : [{ line: a.one.line, by: b.one.line - a.one.line }],
    )
    .sort((a, b) => a.line - b.line);
  return (line) => {
    if (line === null) return null;
    const before = anchors.findLast((anchor) => anchor.line <= line) ?? anchors[0];
    return line + (before?.by ?? 0);
  };
}

/** Aligns two rows of functions of one name in their order, so that as many as can be are paired, alike with alike. */
function alignInOrder(
  a: readonly Placed[],
  b: readonly Placed[],
  expected: (line: number | null) => number | null,
): Pair[] {
  if (a.length * b.length > MOST_WEIGHED) return a.slice(0, b.length).map((one, i) => [one, b[i]!] as const);
  const width = b.length + 1;
  const best = new Float64Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    const line = expected(a[i]!.one.line);
    for (let j = b.length - 1; j >= 0; j--) {
      const paired = best[(i + 1) * width + j + 1]! + likeness(a[i]!, b[j]!, line);
      best[i * width + j] = Math.max(paired, best[(i + 1) * width + j]!, best[i * width + j + 1]!);
    }
  }
  const pairs: Pair[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const here = best[i * width + j]!;
    if (here === best[(i + 1) * width + j]!) i++;
    else if (here === best[i * width + j + 1]!) j++;
    else pairs.push([a[i++]!, b[j++]!]);
  }
  return pairs;
}

/** Always above 0, so that none is left alone without need. */
function likeness(a: Placed, b: Placed, line: number | null): number {
  const apart = line === null || b.one.line === null ? 10 : Math.abs(line - b.one.line);
  return 1 + 1 / (1 + apart) + (a.calls !== null && b.calls !== null && likeCalls(a.calls, b.calls) ? 1 : 0);
}

/** Whether a function is called as often as another, nearly. */
export function likeCalls(a: number, b: number): boolean {
  return Math.abs(a - b) <= 0.01 * Math.max(a, b);
}

function byLine(functions: readonly Placed[]): Placed[] {
  return [...functions].sort((a, b) => (a.one.line ?? 0) - (b.one.line ?? 0));
}
