import { descriptorOf } from "../../metrics/metrics.js";
import type { ResultCell } from "../../model/result.js";
import { htmlText, shortened, visible } from "../../text/escape.js";
import { changeWithInterval, limitOrDash, valueFigure } from "../text/figures.js";
import type { Result } from "../../model/result.js";
import { candidateNames } from "../text/rows.js";
import { rowVerdict } from "../markdown/table.js";

/** Rows as an HTML table that scrolls sideways on a narrow screen and can be reached by keyboard. */
export function rowsTable(
  result: Result,
  cells: readonly ResultCell[],
  caption: string,
  room: { readonly tableRows: number; readonly nameLength: number },
): string {
  const several = candidateNames(result).length > 1;
  const column = (name: string | undefined): string =>
    name === undefined ? "Head" : `<bdi>${htmlText(shortened(visible(name), 40))}</bdi>`;
  const head = [
    '<th scope="col">Scenario</th>',
    several ? '<th scope="col">Arm</th>' : "",
    '<th scope="col">Metric</th>',
    `<th scope="col" class="n">${column(result.plan.baseline)}</th>`,
    `<th scope="col" class="n">${several ? "Candidate" : column(candidateNames(result)[0])}</th>`,
    '<th scope="col" class="n">Change [95 % interval]</th><th scope="col" class="n">Limit</th><th scope="col">Verdict</th>',
  ];
  const rows = cells.slice(0, room.tableRows).map((cell) => {
    const scenario =
      cell.scenario === null
        ? "service"
        : `<bdi>${htmlText(shortened(visible(cell.scenario), room.nameLength))}</bdi>`;
    return (
      `<tr><th scope="row">${scenario}</th>` +
      (several ? `<td><bdi>${htmlText(shortened(visible(cell.arm), 60))}</bdi></td>` : "") +
      `<td>${descriptorOf(cell.metric).label}</td><td class="n">${htmlText(valueFigure(cell.baseline, cell.unit))}</td>` +
      `<td class="n">${htmlText(valueFigure(cell.candidate, cell.unit))}</td><td class="n">${htmlText(changeWithInterval(cell))}</td>` +
      `<td class="n">${htmlText(limitOrDash(cell))}</td>` +
      `<td class="${cellClass(cell)}">${rowVerdict(cell)}</td></tr>`
    );
  });
  const rest =
    cells.length > room.tableRows
      ? `<p>and ${cells.length - room.tableRows} more rows, in result.json</p>`
      : "";
  return `<div class="scroll" tabindex="0" role="group" aria-label="${htmlText(caption)}"><table><caption>${htmlText(caption)}</caption><thead><tr>${head.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>${rest}`;
}

function cellClass(cell: ResultCell): string {
  if (cell.accepted !== null || !cell.gated) return "quiet";
  switch (cell.verdict) {
    case "regressed":
    case "failing":
    case "overloaded":
      return "bad";
    case "improved":
      return "good";
    case "inconclusive":
      return "unsure";
    case "unchanged":
    case "no-baseline":
    case "unavailable":
      return "";
  }
}
