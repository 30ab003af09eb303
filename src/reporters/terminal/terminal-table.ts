import { descriptorOf } from "../../metrics/metrics.js";
import type { ResultCell } from "../../model/result.js";
import { visible } from "../../text/escape.js";
import { changeWithInterval, limitOrDash, shortLimitOrDash, valueFigure } from "../text/figures.js";
import type { Palette } from "./palette.js";
import type { Result } from "../../model/result.js";
import { candidateNames } from "../text/rows.js";
import { rowVerdict } from "../markdown/table.js";
import { clip, columnsOf, pad } from "./width.js";

interface Column {
  readonly title: string;
  readonly side: "left" | "right";
  readonly text: (cell: ResultCell) => string;
}

const GAP = "  ";

/**
 * Rows under a line for each scenario. Where the terminal is narrow, repeated units go first, then the values, then the
 * interval and the limit.
 */
export function terminalTable(
  result: Result,
  cells: readonly ResultCell[],
  options: { readonly columns: number; readonly palette: Palette },
): string[] {
  const { columns, palette } = options;
  const layout = fitting(result, cells, columns);
  const widths = layout.map((column) =>
    Math.max(columnsOf(column.title), ...cells.map((cell) => columnsOf(column.text(cell)))),
  );
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) =>
        pad(
          text,
          index === texts.length - 1 && layout[index]!.side === "left" ? 0 : widths[index]!,
          layout[index]!.side === "left" ? "left" : "right",
        ),
      )
      .join(GAP);
  const lines: string[] = [palette.dim(`${GAP}${line(layout.map((column) => column.title))}`.trimEnd())];
  let group: string | null | undefined;
  for (const cell of bySubject(cells)) {
    if (cell.scenario !== group) lines.push(palette.bold(clip(subject(cell), columns)));
    group = cell.scenario;
    const text = clip(`${GAP}${line(layout.map((column) => column.text(cell)))}`.trimEnd(), columns);
    lines.push(colourOf(cell, palette)(text));
  }
  return lines;
}

function fitting(result: Result, cells: readonly ResultCell[], columns: number): Column[] {
  const several = candidateNames(result).length > 1;
  const arm: Column = { title: "arm", side: "left", text: (cell) => clip(visible(cell.arm), 16) };
  const metric: Column = { title: "", side: "left", text: (cell) => descriptorOf(cell.metric).label };
  const from: Column = {
    title: clip(several ? "baseline" : visible(result.plan.baseline), 12),
    side: "right",
    text: (cell) => valueFigure(cell.baseline, cell.unit),
  };
  const to: Column = {
    title: clip(several ? "candidate" : visible(candidateNames(result)[0] ?? "head"), 12),
    side: "right",
    text: (cell) => valueFigure(cell.candidate, cell.unit),
  };
  const whole: Column = { title: "change [95 % interval]", side: "right", text: changeWithInterval };
  const short: Column = { title: "change [95 %]", side: "right", text: shortInterval };
  const bare: Column = {
    title: "change",
    side: "right",
    text: ({ metric, change }) => changeWithInterval({ metric, change, low: null, high: null }),
  };
  const limit: Column = {
    title: "limit",
    side: "right",
    text: limitOrDash,
  };
  const tight: Column = { ...limit, text: (cell) => shortLimitOrDash(cell).replace(" ", "") };
  const name: Column = { ...metric, text: (cell) => descriptorOf(cell.metric).label.replace("/request", "") };
  const verdict: Column = {
    title: "verdict",
    side: "left",
    text: (cell) => `${mark(cell)} ${rowVerdict(cell)}`,
  };
  const first = several ? [arm, metric] : [metric];
  const narrow = several ? [arm, name] : [name];
  const layouts = [
    [...first, from, to, whole, limit, verdict],
    [...narrow, from, to, short, tight, verdict],
    [...narrow, short, tight, verdict],
    [...narrow, bare, verdict],
  ];
  return layouts.find((layout) => layoutWidth(layout, cells) <= columns) ?? layouts.at(-1)!;
}

function layoutWidth(layout: readonly Column[], cells: readonly ResultCell[]): number {
  const widths = layout.map((column) =>
    Math.max(columnsOf(column.title), ...cells.map((cell) => columnsOf(column.text(cell)))),
  );
  return widths.reduce((sum, width) => sum + GAP.length + width, 0);
}

function shortInterval(cell: ResultCell): string {
  return changeWithInterval(cell).replace(/\[(.*) (?:%|pp), (.*) (?:%|pp)\]/u, "[$1, $2]");
}

/** Cells of one scenario stand together; the first of them gives the place. */
function bySubject(cells: readonly ResultCell[]): ResultCell[] {
  const groups = new Map<string | null, ResultCell[]>();
  for (const cell of cells) {
    const group = groups.get(cell.scenario);
    if (group === undefined) groups.set(cell.scenario, [cell]);
    else group.push(cell);
  }
  return [...groups.values()].flat();
}

function subject(cell: ResultCell): string {
  return cell.scenario === null ? "service" : visible(cell.scenario);
}

function mark(cell: ResultCell): string {
  if (cell.accepted !== null || (!cell.gated && cell.verdict !== "failing" && cell.verdict !== "overloaded"))
    return "·";
  switch (cell.verdict) {
    case "regressed":
    case "failing":
    case "overloaded":
      return "✗";
    case "improved":
    case "unchanged":
      return "✓";
    case "inconclusive":
      return "?";
    case "no-baseline":
    case "unavailable":
      return "·";
  }
}

function colourOf(cell: ResultCell, palette: Palette): (text: string) => string {
  switch (mark(cell)) {
    case "✗":
      return palette.red;
    case "?":
      return palette.yellow;
    case "✓":
      return cell.verdict === "improved" ? palette.green : (text) => text;
    default:
      return palette.dim;
  }
}
