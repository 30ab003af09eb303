import { descriptorOf } from "../metrics/metrics.js";
import type { ResultCell } from "../model/result.js";

/** Orders rows of one verdict: what a reader has to hear of first comes first. */
export function bySeverity(a: ResultCell, b: ResultCell): number {
  return Number(countsFailures(b)) - Number(countsFailures(a)) || excess(b) - excess(a);
}

/** Of a failing scenario the row of its errors says what is wrong. */
function countsFailures({ verdict, metric }: ResultCell): boolean {
  return verdict === "failing" && descriptorOf(metric).countsFailures;
}

/** Size of the change in limits; 0 for rows that have no number. */
function excess({ verdict, change, limit, effectiveLimit }: ResultCell): number {
  return verdict === "regressed" ? Math.abs(change ?? 0) / (effectiveLimit ?? limit ?? 1) : 0;
}
