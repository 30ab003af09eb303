import { markdownTable } from "markdown-table";
import { type Metric, descriptorOf } from "../../src/metrics/metrics.js";
import { changeWithInterval } from "../../src/reporters/text/figures.js";
import { VERDICT_WORDS } from "../../src/reporters/text/rows.js";
import { formatSignedPercent } from "../../src/text/format-quantity.js";
import type { ResultCell } from "../../src/model/result.js";
import { type Assessment, assess } from "./assess.js";
import { EXPECTATIONS, type Expectation, type RegressionName } from "./expectations.js";
import type { Kept, Trial } from "./store.js";

/** What became of one trial: measured, or why not. */
export type Outcome =
  | {
      readonly kind: "measured";
      readonly trial: Trial;
      readonly expectation: Expectation;
      readonly kept: Kept;
    }
  | { readonly kind: "skipped" | "broken"; readonly trial: Trial; readonly because: string };

export function measured(kept: Kept): Outcome {
  const expectation = EXPECTATIONS[kept.trial.regression as RegressionName];
  return { kind: "measured", trial: kept.trial, expectation, kept };
}

const HEADING = [
  "Stack",
  "Regression",
  "What changes",
  "Expected to show",
  "Tailgate said",
  "Rows that are red: change [95 % interval]",
  "Bytes",
  "Blocks",
  "Minutes",
  "Found",
  "Metrics",
];

/** All outcomes as a Markdown table, which reads in a terminal as well. */
export function outcomeTable(outcomes: readonly Outcome[]): string {
  return markdownTable([HEADING, ...outcomes.map(outcomeRow)], { alignDelimiters: true });
}

function outcomeRow(outcome: Outcome): string[] {
  const { trial } = outcome;
  const name = trial.run === 1 ? trial.regression : `${trial.regression} (${trial.run})`;
  if (outcome.kind !== "measured") {
    return [
      trial.stack,
      name,
      "",
      "",
      `${outcome.kind}: ${oneLine(outcome.because)}`,
      "",
      "",
      "",
      "",
      "–",
      "–",
    ];
  }
  const { expectation, kept } = outcome;
  const { result } = kept;
  const assessment = assess(result, expectation);
  return [
    trial.stack,
    name,
    expectation.change,
    expectedInWords(expectation),
    assessment.found ? result.verdict : `${result.verdict}: ${oneLine(result.reason)}`,
    assessment.showing.map(redRow).join("; ") || "none",
    assessment.bytesChange === null ? "–" : formatSignedPercent(assessment.bytesChange),
    String(result.stopped.blocks),
    minutesOf(kept),
    assessment.found ? "yes" : "**no**",
    metricsInWords(assessment),
  ];
}

/** "p99, not p50 and CPU/request". */
export function expectedInWords({ all, any, none, grown, verdict, gates }: Expectation): string {
  if (verdict === "not regression") return "nothing";
  const label = (metric: Metric): string => descriptorOf(metric).label;
  const alone = Object.values(gates).includes("off") ? ", latency and throughput not gated" : "";
  const parts = [
    all.map(label).join(", "),
    any.length === 0 ? "" : `${all.length === 0 ? "" : "and "}one of ${any.map(label).join(", ")}`,
    grown ? "a line that answers grew" : "",
    none.length === 0 ? "" : `not ${none.map(label).join(", ")}`,
    ...Object.entries(gates)
      .filter(([, limit]) => limit !== "off")
      .map(([metric, limit]) => `(${metric} at a limit of ${limit}${alone})`),
  ];
  return parts.filter((part) => part !== "").join("; ");
}

function redRow(cell: ResultCell): string {
  const change = cell.change === null ? VERDICT_WORDS[cell.verdict] : changeWithInterval(cell);
  return `${descriptorOf(cell.metric).label} ${change}`;
}

function metricsInWords({ wrongMetrics }: Assessment): string {
  return wrongMetrics.length === 0 ? "right" : `**${wrongMetrics.join("; ")}**`;
}

/** Time in blocks, and with checkouts, builds and the pilot. */
function minutesOf({ result, wallMs }: Kept): string {
  const measuringMs = result.blocks.reduce((sum, block) => sum + block.durationMs, 0);
  return `${(measuringMs / 60_000).toFixed(1)} of ${(wallMs / 60_000).toFixed(1)}`;
}

/** How many regressions were found, with the right metrics, and how many unchanged runs failed. */
export function tally(outcomes: readonly Outcome[]): {
  readonly lines: readonly string[];
  readonly good: boolean;
} {
  const done = outcomes.filter((outcome) => outcome.kind === "measured");
  const assessed = done.map((outcome) => ({ outcome, ...assess(outcome.kept.result, outcome.expectation) }));
  const real = assessed.filter(({ outcome }) => outcome.expectation.verdict !== "not regression");
  const unchanged = assessed.filter(({ outcome }) => outcome.expectation.verdict === "not regression");
  const verdicts = new Map<string, number>();
  for (const { outcome } of unchanged) {
    const { verdict } = outcome.kept.result;
    verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
  }
  const notMeasured = outcomes.length - done.length;
  const lines = [
    `${real.filter(({ found }) => found).length} of ${real.length} regressions found, ${real.filter(({ found, wrongMetrics }) => found && wrongMetrics.length === 0).length} with the right metrics`,
    `${unchanged.length} runs of unchanged code: ${Array.from(verdicts, ([verdict, count]) => `${count} ${verdict}`).join(", ") || "none"}`,
    ...(notMeasured === 0 ? [] : [`${notMeasured} not measured`]),
  ];
  const good = assessed.every(({ found, wrongMetrics }) => found && wrongMetrics.length === 0);
  return { lines, good: good && outcomes.every(({ kind }) => kind !== "broken") };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("|", "\\|").trim();
}
