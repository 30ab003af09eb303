import { max } from "d3-array";
import { scaleLinear, type ScaleLinear } from "d3-scale";
import { line } from "d3-shape";
import type { Block } from "../../model/block.js";
import { formatDuration, formatPercent } from "../../text/format-quantity.js";
import { htmlText, shortened, visible } from "../../text/escape.js";
import { SMALL, armClass, chartHtml, fixed, legend } from "./chart.js";

/** One value a block; `null` where there is none. */
export interface BlockSeries {
  readonly name: string;
  readonly place: number;
  readonly values: readonly (number | null)[];
}

/** Values over the blocks as lines with dots, from zero, with a limit where there is one. */
export function seriesChart(options: {
  readonly title: string;
  readonly series: readonly BlockSeries[];
  readonly format: (value: number) => string;
  readonly limit?: number;
  readonly limitName?: string;
}): string {
  const { series, format, limit } = options;
  const blocks = Math.max(2, ...series.map((one) => one.values.length));
  const known = series.flatMap((one) => one.values.filter((value) => value !== null));
  const top = Math.max(max(known) ?? 0, limit ?? 0) || 1;
  const x = scaleLinear([0.5, blocks + 0.5], [SMALL.left, SMALL.right]);
  const y = scaleLinear([0, top * 1.05], [SMALL.bottom, SMALL.top]).nice(4);
  const drawnSeries = series.map((one) => {
    const path = line<number | null>()
      .defined((value) => value !== null)
      .x((_, index) => x(index + 1))
      .y((value) => y(value ?? 0))
      .digits(1)(one.values);
    return `<path class="${armClass(one.place)} line" d="${path ?? ""}"/>`;
  });
  const border =
    limit === undefined ? "" : `<path class="limit" d="M${SMALL.left} ${fixed(y(limit))}H${SMALL.right}"/>`;
  const ranges = series.map((one) => {
    const values = one.values.filter((value) => value !== null);
    return values.length === 0
      ? `${one.name}: none`
      : `${one.name}: between ${format(Math.min(...values))} and ${format(Math.max(...values))}`;
  });
  const limitText = limit === undefined ? "" : ` Limit ${options.limitName ?? format(limit)}.`;
  return chartHtml({
    frame: SMALL,
    title: options.title,
    description: `${options.title}, block by block. ${ranges.join("; ")}.${limitText}`,
    x: { label: "block", ticks: blockTicks(x) },
    y: {
      label: "",
      ticks: y.ticks(4).map((tick) => ({ at: y(tick), text: format(tick).replace(/\.0+ /u, " ") })),
    },
    marks: border + drawnSeries.join(""),
    ...(series.length > 1 ? { legend: legend(series.map((one) => one.name)) } : {}),
  });
}

function blockTicks(x: ScaleLinear<number, number>): { at: number; text: string }[] {
  return x
    .ticks(6)
    .filter((tick) => Number.isInteger(tick) && tick > 0)
    .map((tick) => ({ at: x(tick), text: `${tick}` }));
}

/** When each block ran and in which order it started its arms; a block that is not counted is hatched. */
export function timeLine(blocks: readonly Block[], arms: readonly string[]): string {
  const starts = blocks.map((block) => Date.parse(block.startedAt));
  const begin = Math.min(...starts);
  const end = Math.max(...blocks.map((block, index) => starts[index]! + block.durationMs));
  const lanes = arms.slice(0, 8);
  const frame = {
    width: 940,
    height: 60 + 26 * lanes.length,
    left: 100,
    right: 930,
    top: 8,
    bottom: 14 + 26 * lanes.length,
  };
  const x = scaleLinear([0, Math.max(1, end - begin)], [frame.left, frame.right]);
  const boxes = blocks.flatMap((block, index) =>
    lanes.flatMap((arm, lane) => {
      const place = block.startOrder.indexOf(arm);
      if (place < 0) return [];
      const from = x(starts[index]! - begin);
      const width = Math.max(1.5, x(starts[index]! - begin + block.durationMs) - from - 1.5);
      const top = frame.top + 4 + 26 * lane;
      const counted = block.distrust.length === 0 ? "" : " refused";
      const number =
        width < 9
          ? ""
          : `<text class="order mid" x="${fixed(from + width / 2)}" y="${top + 14}">${place + 1}</text>`;
      const about = `block ${block.index}${block.attempt > 1 ? `, try ${block.attempt}` : ""}: ${shortened(visible(arm), 40)} started as number ${place + 1}, ${formatDuration(block.durationMs * 1000)}`;
      return `<g><title>${htmlText(about)}</title><rect class="${armClass(arms.indexOf(arm))} box${counted}" x="${fixed(from)}" y="${top}" width="${fixed(width)}" height="20" rx="2"/>${number}</g>`;
    }),
  );
  return chartHtml({
    frame,
    title: "Blocks in time; the number is the order in which the block started its arms",
    description: `${blocks.length} blocks in ${formatDuration((end - begin) * 1000)}, each starting ${lanes.length} arms in random order.`,
    x: {
      label: "since the first block",
      ticks: x.ticks(8).map((tick) => ({ at: x(tick), text: formatDuration(tick * 1000) })),
    },
    y: {
      label: "",
      ticks: lanes.map((arm, lane) => ({
        at: frame.top + 14 + 26 * lane,
        text: shortened(visible(arm), 14),
      })),
    },
    marks: boxes.join(""),
  });
}

const MACHINE_SHARES = [
  ["stealShare", "stolen", "CPU time stolen by the hypervisor"],
  ["cpuPressureShare", "waited", "Time in which some task waited for CPU"],
  ["otherWorkShare", "other work", "Processors taken while no arm ran"],
] as const;

/** How the generator and the machine did, block by block. */
export function healthCharts(blocks: readonly Block[]): string {
  const one = (name: string, values: (number | null)[]): BlockSeries[] => [{ name, place: 1, values }];
  const charts = [
    seriesChart({
      title: "Load generator: share of its core",
      series: one(
        "busy",
        blocks.map((block) => block.generator.busyShare),
      ),
      format: formatPercent,
      limit: 0.5,
    }),
    seriesChart({
      title: "Load generator: lateness, p99",
      series: one(
        "late",
        blocks.map((block) => Math.max(0, block.generator.latenessP99Us)),
      ),
      format: formatDuration,
      limit: 3000,
    }),
  ];
  for (const [share, name, title] of MACHINE_SHARES) {
    const values = blocks.map(({ machine }) => machine[share] ?? null);
    if (values.every((value) => value === null)) continue;
    charts.push(seriesChart({ title, series: one(name, values), format: formatPercent }));
  }
  return `<div class="pictures">${charts.join("")}</div>`;
}
