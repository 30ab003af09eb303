import { markdownTable } from "markdown-table";
import { markdownName, shortened, visible } from "../../text/escape.js";
import type { Ratio } from "../text/paired-series.js";
import { type StackTable, timesNumber } from "../text/stack-table.js";

/** "25.1 [24.3, 26.0]", or a dash. */
export function timesFigure(times: Ratio | null): string {
  if (times === null) return "–";
  return `${timesNumber(times.times)} [${timesNumber(times.low)}, ${timesNumber(times.high)}]`;
}

/** Stacks side by side as Markdown: under each measure how many times the baseline's it is. */
export function stackMarkdown(table: StackTable, nameLength: number): string {
  const name = (text: string): string => markdownName(shortened(visible(text), nameLength));
  const rows = table.rows.flatMap(({ label, figures }) => [
    [label, ...figures.map(({ value }) => unbrokenFigure(value))],
    ...(figures.every(({ times }) => times === null)
      ? []
      : [
          [
            `… times ${name(table.baseline)}`,
            ...figures.map(({ times }, index) =>
              table.stacks[index] === table.baseline ? "1" : unbrokenFigure(timesFigure(times)),
            ),
          ],
        ]),
  ]);
  const heading = [name(table.scenario), ...table.stacks.map(name)];
  return markdownTable([heading, ...rows], {
    align: ["l", ...table.stacks.map(() => "r")],
    padding: true,
    alignDelimiters: false,
  });
}

/** Numbers stay with their units when a table is narrow. */
function unbrokenFigure(figure: string): string {
  return figure.replaceAll(" ", "\u00a0").replace("\u00a0[", " [");
}
