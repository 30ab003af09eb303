import type { FailureReason } from "./measurement.js";

/** "40 x 301 to /login", "12 x body: more bytes than its Content-Length". */
export function describeReason({ outcome, reason, count }: FailureReason): string {
  return `${count} x ${outcome === "body" ? "body: " : ""}${reason}`;
}

/** At most `each` of every kind, in their order, which is that of their frequency. */
export function frequentReasons(reasons: readonly FailureReason[], each: number): FailureReason[] {
  const taken = new Map<string, number>();
  return reasons.filter(({ outcome }) => {
    const before = taken.get(outcome) ?? 0;
    taken.set(outcome, before + 1);
    return before < each;
  });
}

/** Those that are the same added up, the most frequent first. */
export function addReasons(parts: readonly FailureReason[]): FailureReason[] {
  const sums = new Map<string, FailureReason>();
  for (const part of parts) {
    const key = `${part.outcome} ${part.reason}`;
    sums.set(key, { ...part, count: part.count + (sums.get(key)?.count ?? 0) });
  }
  return [...sums.values()].sort((a, b) => b.count - a.count);
}
