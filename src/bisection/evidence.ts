import { z } from "zod";
import { name, sentence, signed, type DeepReadonly } from "../bounded-values.js";
import { descriptorOf, type Metric } from "../metrics/metrics.js";
import { regressions } from "../reporters/text/rows.js";
import type { Result, ResultCell } from "../model/result.js";
import { tQuantile } from "../stats/student-t.js";

/** What one comparison of a commit with the good one says. */
export const evidenceSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("measured"),
    worsening: signed().describe("Log ratio, or difference of shares; positive is worse."),
    error: z.number().gt(0).max(1e6).describe("Its standard error."),
  }),
  z
    .object({ kind: z.literal("broken"), why: sentence() })
    .describe("It cannot serve what the good commit serves."),
  z.object({ kind: z.literal("untestable"), why: sentence() }).describe("It does not build or start."),
  z
    .object({ kind: z.literal("failed"), why: sentence() })
    .describe("The measurement says nothing; it may be repeated."),
]);
export type Evidence = DeepReadonly<z.output<typeof evidenceSchema>>;

/** Which regression is looked for. */
export const soughtCell = z.object({ scenario: name().nullable(), metric: name() });
export type SoughtCell = DeepReadonly<z.output<typeof soughtCell>>;

/** No interval is so narrow that nothing else could vary between two runs. */
const SMALLEST_ERROR = 0.002;
const NORMAL = tQuantile(0.975, 1e9);

/** A run of good against a commit -> what it says of the sought cell. */
export function evidenceOf(result: Result, sought: SoughtCell): Evidence {
  if (result.verdict === "no-baseline") return { kind: "failed", why: result.reason };
  const cell = result.cells.find((one) => isSought(one, sought) && isHead(result, one));
  if (result.verdict === "invalid") {
    // Without a single block head was never up.
    return { kind: result.blocks.length === 0 ? "untestable" : "failed", why: result.reason };
  }
  if (cell === undefined) return { kind: "untestable", why: "it has no such scenario or metric" };
  if (cell.verdict === "overloaded" || cell.verdict === "failing")
    return { kind: "broken", why: result.reason };
  const { change, low, high } = cell;
  if (change === null || low === null || high === null) {
    return { kind: "failed", why: cell.ungatedBecause ?? "there is no number for it" };
  }
  const { scale, worse } = descriptorOf(cell.metric);
  const scaled = (value: number): number =>
    scale === "log" ? Math.log1p(Math.max(value, -0.999_999)) : value;
  const error = (scaled(high) - scaled(low)) / (2 * NORMAL);
  return {
    kind: "measured",
    worsening: scaled(change) * (worse === "higher" ? 1 : -1),
    error: Math.max(error, scale === "log" ? SMALLEST_ERROR : 1e-6),
  };
}

/**
 * The cell to look for: the one that is named, or of those that regressed the clearest.
 *
 * @returns `null` where nothing regressed and none is named in full
 */
export function chooseCell(
  result: Result,
  named: { readonly scenario: string | null; readonly metric: Metric | null },
): SoughtCell | null {
  const fits = (cell: ResultCell): boolean =>
    (named.scenario === null || cell.scenario === named.scenario) &&
    (named.metric === null || cell.metric === named.metric);
  const found =
    regressions(result).find(fits) ??
    (named.metric === null ? undefined : result.cells.find((cell) => isHead(result, cell) && fits(cell)));
  return found === undefined ? null : { scenario: found.scenario, metric: found.metric };
}

function isSought(cell: ResultCell, { scenario, metric }: SoughtCell): boolean {
  return cell.scenario === scenario && cell.metric === metric;
}

function isHead(result: Result, cell: ResultCell): boolean {
  return result.arms.find((arm) => arm.name === cell.arm)?.role === "head";
}
