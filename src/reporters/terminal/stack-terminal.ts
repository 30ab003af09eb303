import { visible } from "../../text/escape.js";
import type { Palette } from "./palette.js";
import { timesFigure } from "../markdown/stack-markdown.js";
import { type StackFigure, type StackTable, timesNumber } from "../text/stack-table.js";
import { clip, columnsOf, pad } from "./width.js";

const GAP = "  ";
const WIDEST_NAME = 20;

/** Stacks side by side for a terminal. Where it is narrow, the intervals go first. */
export function stackTerminal(
  table: StackTable,
  options: { readonly columns: number; readonly palette: Palette },
): string[] {
  const { columns, palette } = options;
  const whole = layout(table, (figure) => timesFigure(figure.times));
  const rows =
    widthOf(whole) <= columns
      ? whole
      : layout(table, ({ times }) => (times === null ? "–" : timesNumber(times.times)));
  const widths = rows[0]!.map((_, index) => Math.max(...rows.map((row) => columnsOf(row[index]!))));
  return rows.map((row, place) => {
    const texts = row.map((text, index) => pad(text, widths[index]!, index === 0 ? "left" : "right"));
    const line = clip(texts.join(GAP).trimEnd(), columns);
    if (place === 0) return palette.bold(line);
    return row[0]!.startsWith("  ") ? palette.dim(line) : line;
  });
}

function layout(table: StackTable, times: (figure: StackFigure) => string): string[][] {
  const name = (text: string): string => clip(visible(text), WIDEST_NAME);
  return [
    [name(table.scenario), ...table.stacks.map(name)],
    ...table.rows.flatMap(({ label, figures }) => [
      [label, ...figures.map(({ value }) => value)],
      ...(figures.every((figure) => figure.times === null)
        ? []
        : [
            [
              `  times ${name(table.baseline)}`,
              ...figures.map((figure, index) =>
                table.stacks[index] === table.baseline ? "1" : times(figure),
              ),
            ],
          ]),
    ]),
  ];
}

function widthOf(rows: readonly (readonly string[])[]): number {
  const widths = rows[0]!.map((_, index) => Math.max(...rows.map((row) => columnsOf(row[index]!))));
  return widths.reduce((sum, width) => sum + GAP.length + width, -GAP.length);
}
