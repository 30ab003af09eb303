import { extent } from "d3-array";
import { scaleLinear, scaleUtc, type ScaleLinear, type ScaleTime } from "d3-scale";
import { area, line as path } from "d3-shape";
import type { ChainLink } from "../../history/chain.js";
import type { CommitOrder } from "../../history/commit-order.js";
import type { HistorySeries } from "../../history/series.js";
import { formatChange } from "../../metrics/format-change.js";
import { descriptorOf } from "../../metrics/metrics.js";
import type { HistoryLine } from "../../model/history-line.js";
import { changePoints } from "../../stats/change-points.js";
import { htmlText, shortened, visible } from "../../text/escape.js";
import { chartHtml, fixed, WIDE, type Tick } from "../html/chart.js";
import { changeWithInterval, valueFigure } from "../text/figures.js";
import type { Creep } from "../../history/creep.js";
import { shortSha } from "./creep-text.js";

type TimeScale = ScaleTime<number, number>;

/** More points than that are not told apart in a picture of this width; older ones are left out. */
const MOST_POINTS = 1_000;

const timeOf = ({ at }: HistoryLine): number => Date.parse(at);

/** The paired changes since the last release, one after another, with the 95 % interval of what has come together. */
export function chainChart(series: HistorySeries, creep: Creep): string {
  const metric = descriptorOf(series.metric);
  const links = creep.chain.links.slice(-MOST_POINTS);
  const x = timeScale(links.map(({ line }) => timeOf(line)));
  const [low = 0, high = 0] = extent([0, ...links.flatMap((link) => [link.low, link.high])]);
  const y = valueScale(low, high);
  const band = area<ChainLink>()
    .x(({ line }) => x(timeOf(line)))
    .y0((link) => y(link.low))
    .y1((link) => y(link.high))
    .digits(1)(links);
  const middle = path<ChainLink>()
    .x(({ line }) => x(timeOf(line)))
    .y(({ change }) => y(change))
    .digits(1)(links);
  const at = ({ line, change }: ChainLink): string => `M${fixed(x(timeOf(line)))} ${fixed(y(change))}h0`;
  const judged = (verdict: HistoryLine["verdict"]) => links.filter(({ line }) => line.verdict === verdict);
  const marks = [
    `<path class="band" d="${band ?? ""}"/>`,
    `<path class="zero" d="M${WIDE.left} ${fixed(y(0))}H${WIDE.right}"/>`,
    `<path class="change" d="${middle ?? ""}"/>`,
    `<path class="spot" d="${links.map(at).join("")}"/>`,
    ...judged("regressed").map((link) => marked(link, "worse", x, y)),
    ...judged("improved").map((link) => marked(link, "better", x, y)),
    ...links.filter(({ afterGap }) => afterGap).map((link) => gapMark(x(timeOf(link.line)))),
  ];
  const since = creep.release === null ? "the first stored run" : shortened(visible(creep.release.name), 40);
  const now = links.at(-1);
  const figures =
    now === undefined ? "nothing stored" : changeWithInterval({ ...now, metric: series.metric });
  return chartHtml({
    frame: WIDE,
    title: `Paired changes since ${since}: ${figures}`,
    description: `${metric.label}: ${links.length} stored runs since ${since}, their paired changes one after another, with the 95 % interval. At the end ${figures}. ${judged("regressed").length} regressed, ${judged("improved").length} improved.`,
    x: { label: "run started", ticks: timeTicks(x) },
    y: { label: "", ticks: ticksOf(y, (tick) => formatChange(metric, tick).replace(/\.0+ /u, " ")) },
    marks: marks.join(""),
  });
}

/**
 * The medians of head as they were measured. Machines differ: runs of another processor than the newest run's are drawn
 * weakly, and change points are looked for among those of the same one.
 */
export function medianChart(series: HistorySeries, order: CommitOrder): string {
  const metric = descriptorOf(series.metric);
  const lines = series.lines.filter(({ candidate }) => candidate !== null).slice(-MOST_POINTS);
  const newest = lines.at(-1);
  if (newest === undefined) return "";
  const same = lines.filter(({ machine }) => machine.cpuModel === newest.machine.cpuModel);
  const others = lines.filter((line) => !same.includes(line));
  const x = timeScale(lines.map(timeOf));
  const [low = 0, high = 0] = extent(lines.map(({ candidate }) => candidate!));
  const y = valueScale(Math.min(low, high * 0.8), high);
  const spots = (of: readonly HistoryLine[]): string =>
    of.map((line) => `M${fixed(x(timeOf(line)))} ${fixed(y(line.candidate!))}h0`).join("");
  const points = changePoints(same.map(({ candidate }) => candidate!));
  const releases = releaseTimes(lines, order);
  const marks = [
    ...releases.map(({ name, at }) => vertical(x(at), "release", name)),
    ...points.map(({ index, meanBefore, meanAfter }) =>
      vertical(
        x(timeOf(same[index]!)),
        "shift",
        `change point at ${shortSha(same[index]!.head.sha)}: from ${valueFigure(meanBefore, newest.unit)} to ${valueFigure(meanAfter, newest.unit)} on average`,
      ),
    ),
    `<path class="spot dim" d="${spots(others)}"/><path class="spot" d="${spots(same)}"/>`,
  ];
  const released =
    releases.length === 0
      ? ""
      : ` Releases: ${releases
          .map(({ name }) => name)
          .slice(-20)
          .join(", ")}.`;
  return chartHtml({
    frame: WIDE,
    title: `Median as measured: ${valueFigure(newest.candidate, newest.unit)}`,
    description: `${metric.label} of ${lines.length} runs as measured, ${same.length} of them on the processor of the newest run; between ${valueFigure(low, newest.unit)} and ${valueFigure(high, newest.unit)}. ${points.length} change points.${released}`,
    x: { label: "run started", ticks: timeTicks(x) },
    y: { label: "", ticks: ticksOf(y, (tick) => valueFigure(tick, newest.unit).replace(/\.0+ /u, " ")) },
    marks: marks.join(""),
  });
}

/** When the first run of each release's commit, or of a later one, started. */
function releaseTimes(lines: readonly HistoryLine[], order: CommitOrder): { name: string; at: number }[] {
  return order.releases.slice(-60).flatMap(({ name, sha }) => {
    const place = order.placeOf(sha)!;
    const first = lines.find((line) => (order.placeOf(line.head.sha) ?? -1) >= place);
    // A release before the oldest run lies outside of the picture.
    if (first === undefined || (first === lines[0] && first.head.sha !== sha)) return [];
    return [{ name: shortened(visible(name), 40), at: timeOf(first) }];
  });
}

function marked(
  { line, change }: ChainLink,
  kind: "worse" | "better",
  x: TimeScale,
  y: ScaleLinear<number, number>,
): string {
  const about = `${line.verdict} at ${shortSha(line.head.sha)}: ${changeWithInterval(line)}`;
  const [cx, cy] = [x(timeOf(line)), y(change)];
  // A triangle that points up or down: colour alone tells nothing to some.
  const tip = kind === "worse" ? -5 : 5;
  return `<path class="${kind}" d="M${fixed(cx - 4)} ${fixed(cy - tip / 2)}h8L${fixed(cx)} ${fixed(cy + tip)}Z"><title>${htmlText(about)}</title></path>`;
}

function gapMark(at: number): string {
  return `<path class="gap" d="M${fixed(at)} ${WIDE.bottom}v-6"><title>commits before this run were not measured</title></path>`;
}

function vertical(at: number, kind: "release" | "shift", about: string): string {
  return `<path class="${kind}" d="M${fixed(at)} ${WIDE.top}V${WIDE.bottom}"><title>${htmlText(about)}</title></path>`;
}

function timeScale(times: readonly number[]): TimeScale {
  const [first = 0, last = 0] = extent(times);
  // One day around a single run.
  const room = last > first ? 0 : 43_200_000;
  return scaleUtc([first - room, last + room], [WIDE.left, WIDE.right]);
}

function valueScale(low: number, high: number): ScaleLinear<number, number> {
  const room = high > low ? 0 : Math.abs(high) * 0.05 || 0.01;
  return scaleLinear([low - room, high + room], [WIDE.bottom, WIDE.top]).nice(4);
}

function ticksOf(scale: ScaleLinear<number, number>, format: (value: number) => string): Tick[] {
  return scale.ticks(4).map((tick) => ({ at: scale(tick), text: format(tick) }));
}

function timeTicks(scale: TimeScale): Tick[] {
  // A date half outside of the picture would be cut.
  const inside = (at: number): boolean => at > WIDE.left + 24 && at < WIDE.right - 24;
  const ticks = scale.ticks(5).filter((tick) => inside(scale(tick)));
  return ticks.map((tick) => {
    const written = tick.toISOString();
    return {
      at: scale(tick),
      text: written.endsWith("T00:00:00.000Z")
        ? written.slice(0, 10)
        : written.slice(5, 16).replace("T", " "),
    };
  });
}
