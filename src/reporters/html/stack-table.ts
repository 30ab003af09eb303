import { htmlText, shortened, visible } from "../../text/escape.js";
import { timesFigure } from "../markdown/stack-markdown.js";
import type { StackTable } from "../text/stack-table.js";

/** Stacks side by side as an HTML table; under each figure how many times the baseline's it is. */
export function stackTable(table: StackTable): string {
  const name = (text: string): string => `<bdi>${htmlText(shortened(visible(text), 60))}</bdi>`;
  const heads = table.stacks.map((stack) => `<th scope="col" class="n">${name(stack)}</th>`);
  const rows = table.rows.map(({ label, figures }) => {
    const cells = figures.map(({ value, times }) => {
      const under = times === null ? "" : `<br><span class="quiet">${htmlText(timesFigure(times))}</span>`;
      return `<td class="n">${htmlText(value)}${under}</td>`;
    });
    return `<tr><th scope="row">${htmlText(label)}</th>${cells.join("")}</tr>`;
  });
  const caption = `Stacks side by side, ${htmlText(shortened(visible(table.scenario), 100))}: medians over the blocks; below them, how many times that of ${htmlText(shortened(visible(table.baseline), 60))}, with the 95 % interval`;
  return `<div class="scroll" tabindex="0" role="group" aria-label="${caption}"><table><caption>${caption}</caption><thead><tr><th scope="col">Measure</th>${heads.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}
