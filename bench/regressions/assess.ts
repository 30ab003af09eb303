import type { Metric } from "../../src/metrics/metrics.js";
import type { Result } from "../../src/model/result.js";
import { candidateNames } from "../../src/reporters/text/rows.js";
import { countedBlocks } from "../../src/reporters/text/paired-series.js";
import { median } from "../../src/stats/quantile.js";
import type { ResultCell } from "../../src/model/result.js";
import type { Expectation } from "./expectations.js";

/** What became of an expectation. */
export interface Assessment {
  /** Whether the run's verdict is the expected one. */
  readonly found: boolean;
  /** What is wrong with the metrics that show; empty where they are the right ones. */
  readonly wrongMetrics: readonly string[];
  /** Gated rows that are red: by number, by overload or by failing answers. */
  readonly showing: readonly ResultCell[];
  /** Change of the bytes of an answer; `null` where nothing was answered. */
  readonly bytesChange: number | null;
}

/** Holds a result against what it should have shown. */
export function assess(result: Result, expectation: Expectation): Assessment {
  const candidates = candidateNames(result);
  const cells = result.cells.filter((cell) => candidates.includes(cell.arm));
  const showing = cells.filter(isRed);
  const shows = (metric: Metric): boolean => showing.some((cell) => cell.metric === metric);
  const better = cells.filter((cell) => cell.verdict === "improved").map((cell) => cell.metric);
  const wrongMetrics = [
    ...expectation.all.filter((metric) => !shows(metric)).map((metric) => `${metric} does not show`),
    ...(expectation.any.length > 0 && !expectation.any.some(shows)
      ? [`none of ${expectation.any.join(", ")} shows`]
      : []),
    ...expectation.none.filter(shows).map((metric) => `${metric} shows`),
    ...expectation.notBetter
      .filter((metric) => better.includes(metric))
      .map((metric) => `${metric} looks better`),
  ];
  return { found: isExpected(result, expectation), wrongMetrics, showing, bytesChange: bytesChange(result) };
}

/** An invalid run proves nothing, whatever was expected of it. */
function isExpected({ verdict, warnings }: Result, expectation: Expectation): boolean {
  if (expectation.grown && !warnings.some(({ code }) => code === "answers-grew")) return false;
  switch (expectation.verdict) {
    case "regression":
      return verdict === "regression";
    case "not regression":
      return verdict === "pass" || verdict === "inconclusive";
    case "regression or not":
      return verdict === "regression" || verdict === "pass" || verdict === "inconclusive";
  }
}

function isRed(cell: ResultCell): boolean {
  switch (cell.verdict) {
    case "regressed":
      return cell.gated;
    case "overloaded":
    case "failing":
      return true;
    case "improved":
    case "inconclusive":
    case "no-baseline":
    case "unavailable":
    case "unchanged":
      return false;
  }
}

function bytesChange(result: Result): number | null {
  const [before, after] = [result.plan.baseline, candidateNames(result)[0] ?? ""].map((arm) =>
    countedBlocks(result).flatMap((block) =>
      Object.values(block.arms[arm]?.scenarios ?? {}).map((seen) => seen.bytesPerResponse),
    ),
  ) as [number[], number[]];
  return before.length === 0 || after.length === 0 ? null : median(after) / median(before) - 1;
}
