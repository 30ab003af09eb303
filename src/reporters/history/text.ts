import { creepOf } from "../../history/creep.js";
import { describePassedOver } from "../../history/read-lines.js";
import { seriesOf, type HistorySeries } from "../../history/series.js";
import { descriptorOf } from "../../metrics/metrics.js";
import type { HistoryLine } from "../../model/history-line.js";
import { shortened, visible } from "../../text/escape.js";
import { aligned } from "../terminal/aligned.js";
import { clip } from "../terminal/width.js";
import { changeWithInterval, valueFigure } from "../text/figures.js";
import { VERDICT_WORDS } from "../text/rows.js";
import { creepSentence, shortSha } from "./creep-text.js";
import type { History } from "./history.js";

const LONGEST_NAME = 40;
const MOST_ROWS = 500;

/** The history for a terminal: where every series stands, in a row each, and what is worth a sentence. */
export function renderHistoryText(history: History): string {
  const all = seriesOf(history.lines);
  if (all.length === 0)
    return `${["The history holds no run that was asked for.", ...remarks(history)].join("\n")}\n`;
  const several = new Set(all.map(({ suite }) => suite)).size > 1;
  const titles = [
    "Suite",
    "Scenario",
    "Metric",
    "Runs",
    "Newest",
    "Head",
    "Last change",
    "Verdict",
    "Since release",
  ];
  const rows = all.slice(0, MOST_ROWS).map((series) => row(series, history));
  const table = [titles, ...rows].map((cells) => (several ? cells : cells.slice(1)));
  const more = all.length > MOST_ROWS ? [`and ${all.length - MOST_ROWS} more series`] : [];
  const worth = all
    .map((series) => ({ series, creep: creepOf(series, history.order) }))
    .filter(
      ({ series, creep }) =>
        series.lines.at(-1)!.gated && hasCrept(series, creep.now?.low ?? null, creep.now?.high ?? null),
    )
    .slice(0, 20)
    .map(({ series, creep }) => creepSentence(series, creep).replaceAll("`", ""));
  return `${[aligned(table), ...more, ...(worth.length > 0 ? ["", ...worth] : []), ...remarks(history)].join("\n")}\n`;
}

/** Whether what has come together is shown to be worse than nothing. */
function hasCrept({ metric }: HistorySeries, low: number | null, high: number | null): boolean {
  return descriptorOf(metric).worse === "higher" ? (low ?? 0) > 0 : (high ?? 0) < 0;
}

function row(series: HistorySeries, { order }: History): string[] {
  const last = series.lines.at(-1)!;
  const { now: since, release } = creepOf(series, order);
  return [
    clip(visible(series.suite), LONGEST_NAME),
    clip(series.scenario === null ? "service" : visible(series.scenario), LONGEST_NAME),
    descriptorOf(series.metric).label,
    `${series.lines.length}`,
    last.at.slice(0, 10),
    `${valueFigure(last.candidate, last.unit)} (${shortSha(last.head.sha)})`,
    changeWithInterval(last),
    VERDICT_WORDS[last.verdict],
    since === null || release === null
      ? "–"
      : `${changeWithInterval({ ...since, metric: series.metric })} ${shortened(visible(release.name), 20)}`,
  ];
}

/** What could not be read, and the like. */
export function remarks({ passedOver, notes }: Pick<History, "passedOver" | "notes">): string[] {
  const passed = describePassedOver(passedOver);
  return [...(passed === null ? [] : [`${passed}.`]), ...notes.map((note) => `${note}.`)];
}

/** Every line as it was stored, one a line. */
export function renderHistoryLines(lines: readonly HistoryLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
