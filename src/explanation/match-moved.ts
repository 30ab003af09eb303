import { expectedLine, likeCalls, type Placed } from "./align-same-names.js";
import { groups } from "./groups.js";

/** How far from where it is expected a renamed function may stand. */
const NEAR_LINES = 3;

/** What is known of both arms before anything moved is looked for. */
interface Known {
  readonly from: readonly Placed[];
  readonly to: readonly Placed[];
  /** For each of `from` its pair among `to`, or -1. */
  readonly partner: Int32Array;
}

/**
 * Pairs functions that are left over on both sides where only one answer is possible: of the same name in another file;
 * or in the same file under another name, where it stood and called as often.
 */
export function matchMoved(
  known: Known,
  gone: readonly Placed[],
  come: readonly Placed[],
): (readonly [Placed, Placed])[] {
  const written = (one: Placed): boolean => one.one.origin !== "runtime";
  const [left, right] = [gone.filter(written), come.filter(written)];
  const moved = sameNameElsewhere(left, right);
  const movedFrom = new Set(moved.map(([a]) => a));
  const movedTo = new Set(moved.map(([, b]) => b));
  const renamed = renamedInPlace(
    known,
    left.filter((one) => !movedFrom.has(one)),
    right.filter((one) => !movedTo.has(one)),
  );
  return [...moved, ...renamed];
}

function sameNameElsewhere(gone: readonly Placed[], come: readonly Placed[]): (readonly [Placed, Placed])[] {
  const key = ({ one }: Placed): string => `${one.origin}\0${one.name}`;
  const there = groups(come, key);
  return [...groups(gone, key)].flatMap(([name, here]) => {
    const others = there.get(name) ?? [];
    if (here.length !== 1 || others.length !== 1 || here[0]!.one.name === "") return [];
    return [[here[0]!, others[0]!] as const];
  });
}

function renamedInPlace(
  { from, to, partner }: Known,
  gone: readonly Placed[],
  come: readonly Placed[],
): (readonly [Placed, Placed])[] {
  const key = ({ one }: Placed): string => `${one.origin}\0${one.file ?? ""}`;
  const there = groups(come, key);
  const certain = groups(
    from.filter(({ place }) => partner[place] !== -1),
    key,
  );
  return [...groups(gone, key)].flatMap(([file, here]) => {
    const others = there.get(file) ?? [];
    if (others.length === 0 || here.length * others.length > 10_000) return [];
    const expected = expectedLine(
      (certain.get(file) ?? []).map((one) => [one, to[partner[one.place]!]!] as const),
    );
    const fits = (a: Placed, b: Placed): boolean => {
      const line = expected(a.one.line);
      if (line === null || b.one.line === null || Math.abs(line - b.one.line) > NEAR_LINES) return false;
      return a.calls === null || b.calls === null || (a.calls > 0 && likeCalls(a.calls, b.calls));
    };
    return here.flatMap((a) => {
      const answers = others.filter((b) => fits(a, b));
      if (answers.length !== 1 || here.filter((other) => fits(other, answers[0]!)).length !== 1) return [];
      return [[a, answers[0]!] as const];
    });
  });
}
