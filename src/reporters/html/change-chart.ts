import { extent } from "d3-array";
import { scaleLinear } from "d3-scale";
import { area, line } from "d3-shape";
import type { ResultCell } from "../../model/result.js";
import { formatChange } from "../../metrics/format-change.js";
import { descriptorOf } from "../../metrics/metrics.js";
import { changeWithInterval, withLimit } from "../text/figures.js";
import { intervalHistory, type PairedPoint } from "../text/paired-series.js";
import { SMALL, chartHtml, fixed } from "./chart.js";

/**
 * One cell over the run: a dot for each block, and behind them the change with its 95 % interval as it stood after so
 * many blocks. The limit on the side that is worse is a dashed line, each look a vertical one.
 */
export function changeChart(
  cell: ResultCell,
  series: readonly PairedPoint[],
  looks: readonly number[],
): string {
  const metric = descriptorOf(cell.metric);
  const history = intervalHistory(series, metric.scale);
  const allowed = cell.effectiveLimit ?? cell.limit;
  const limit = allowed === null ? null : metric.worse === "higher" ? allowed : -allowed;
  const values = [
    0,
    ...series.map((point) => point.change),
    ...history.slice(2).flatMap((point) => [point.low, point.high]),
    ...(limit === null ? [] : [limit * 1.2]),
  ];
  const [low = 0, high = 0] = extent(values.filter(Number.isFinite));
  const x = scaleLinear([0.5, Math.max(series.length, 6) + 0.5], [SMALL.left, SMALL.right]);
  const y = scaleLinear([low, high === low ? low + 1e-6 : high], [SMALL.bottom, SMALL.top]).nice(4);
  const clamp = (value: number): number => Math.max(SMALL.top, Math.min(SMALL.bottom, y(value)));
  const band = area<(typeof history)[number]>()
    .x((point) => x(point.blocks))
    .y0((point) => clamp(point.low))
    .y1((point) => clamp(point.high))
    .digits(1)(history);
  const middle = line<(typeof history)[number]>()
    .x((point) => x(point.blocks))
    .y((point) => clamp(point.change))
    .digits(1)(history);
  const dots = series.map(
    (point, index) =>
      `<circle class="dot" cx="${fixed(x(index + 1))}" cy="${fixed(y(point.change))}" r="2.4"><title>block ${point.block}: ${formatChange(metric, point.change)}</title></circle>`,
  );
  const rule = (at: number, kind: string): string =>
    `<path class="${kind}" d="M${SMALL.left} ${fixed(at)}H${SMALL.right}"/>`;
  const marks = [
    ...looks
      .filter((look) => look <= series.length)
      .map((look) => `<path class="look" d="M${fixed(x(look))} ${SMALL.top}V${SMALL.bottom}"/>`),
    `<path class="band" d="${band ?? ""}"/>`,
    rule(y(0), "zero"),
    limit === null ? "" : rule(y(limit), "limit"),
    `<path class="change" d="${middle ?? ""}"/>`,
    ...dots,
  ];
  const figures = `${changeWithInterval(cell)}${withLimit(cell)}`;
  return chartHtml({
    frame: SMALL,
    title: `${metric.label}: ${figures}`,
    description: `Change of ${metric.label} in each of ${series.length} blocks, with the 95 % interval after each block. At the end ${figures}.`,
    x: {
      label: "block",
      ticks: x
        .ticks(6)
        .filter((tick) => Number.isInteger(tick) && tick > 0)
        .map((tick) => ({ at: x(tick), text: `${tick}` })),
    },
    y: {
      label: "",
      ticks: y
        .ticks(4)
        .map((tick) => ({ at: y(tick), text: formatChange(metric, tick).replace(/\.0+ /u, " ") })),
    },
    marks: marks.join(""),
  });
}
