import { creepOf } from "../../history/creep.js";
import { seriesOf } from "../../history/series.js";
import type { HistoryLine } from "../../model/history-line.js";
import { visible } from "../../text/escape.js";
import type { History } from "./history.js";

const COLUMNS = [
  "at",
  "suite",
  "scenario",
  "metric",
  "unit",
  "base",
  "head",
  "baseline",
  "candidate",
  "change",
  "low",
  "high",
  "limit",
  "gated",
  "verdict",
  "runVerdict",
  "blocks",
  "cpuModel",
  "tailgate",
] as const;

type Column = (typeof COLUMNS)[number];

/** Every line as a row of CSV (RFC 4180), times in ISO 8601 and values in `unit`. */
export function renderHistoryCsv(lines: readonly HistoryLine[]): string {
  const rows = lines.map((line) => {
    const values: Readonly<Record<Column, string | number | boolean | null>> = {
      at: line.at,
      suite: line.suite,
      scenario: line.scenario,
      metric: line.metric,
      unit: line.unit,
      base: line.base.sha,
      head: line.head.sha,
      baseline: line.baseline,
      candidate: line.candidate,
      change: line.change,
      low: line.low,
      high: line.high,
      limit: line.limit,
      gated: line.gated,
      verdict: line.verdict,
      runVerdict: line.run.verdict,
      blocks: line.run.blocks,
      cpuModel: line.machine.cpuModel,
      tailgate: line.run.tailgate,
    };
    return COLUMNS.map((column) => csvField(values[column])).join(",");
  });
  return [COLUMNS.join(","), ...rows].map((row) => `${row}\r\n`).join("");
}

function csvField(value: string | number | boolean | null): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  // A spreadsheet takes such a name for a formula (OWASP, CSV injection).
  const text = visible(value).replace(/^[=+\-@]/u, "'$&");
  return /[",]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Families of the exposition, each with what it holds of a line. */
const FAMILIES = [
  [
    "tailgate_baseline",
    "Median over blocks of base, in the unit of the label.",
    (line: HistoryLine) => line.baseline,
  ],
  [
    "tailgate_candidate",
    "Median over blocks of head, in the unit of the label.",
    (line: HistoryLine) => line.candidate,
  ],
  [
    "tailgate_change",
    "Paired change of head against base; 0.08 is 8 % more.",
    (line: HistoryLine) => line.change,
  ],
  ["tailgate_change_low", "Lower bound of its 95 % interval.", (line: HistoryLine) => line.low],
  ["tailgate_change_high", "Upper bound of its 95 % interval.", (line: HistoryLine) => line.high],
  [
    "tailgate_regressed",
    "1 where the metric was judged as regressed.",
    (line: HistoryLine) => Number(line.verdict === "regressed"),
  ],
] as const;

/**
 * Every line as a sample of OpenMetrics text (version 1.0), with the time of its run: as `promtool tsdb create-blocks-from
 * openmetrics` reads it. The last family is the change chained since the last release.
 */
export function renderOpenMetrics({ lines, order }: Pick<History, "lines" | "order">): string {
  const all = seriesOf(lines);
  const texts: string[] = [];
  for (const [name, help, read] of FAMILIES) {
    texts.push(`# TYPE ${name} gauge`, `# HELP ${name} ${help}`);
    for (const series of all) {
      for (const line of onePerTime(series.lines)) {
        const value = read(line);
        if (value !== null) texts.push(`${name}${labels(line)} ${value} ${Date.parse(line.at) / 1000}`);
      }
    }
  }
  texts.push(
    "# TYPE tailgate_change_since_release gauge",
    "# HELP tailgate_change_since_release Paired changes chained since the last release.",
  );
  for (const series of all) {
    for (const { line, change } of creepOf(series, order).chain.links) {
      texts.push(`tailgate_change_since_release${labels(line)} ${change} ${Date.parse(line.at) / 1000}`);
    }
  }
  return `${[...texts, "# EOF"].join("\n")}\n`;
}

/** A series has one sample at a time: a second one in the same millisecond is no valid text. */
function onePerTime(lines: readonly HistoryLine[]): readonly HistoryLine[] {
  return lines.filter((line, place) => line.at !== lines[place - 1]?.at);
}

function labels({ suite, scenario, metric, unit }: HistoryLine): string {
  const pairs = { suite, scenario: scenario ?? "service", metric, unit };
  const written = Object.entries(pairs).map(([name, value]) => `${name}="${labelValue(value)}"`);
  return `{${written.join(",")}}`;
}

function labelValue(value: string): string {
  return visible(value).replaceAll("\\", "\\\\").replaceAll('"', '\\"');
}
