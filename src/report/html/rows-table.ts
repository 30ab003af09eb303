import type { ResultCell } from "../../verdict/cell.js";
import { htmlText, shortened, visible } from "../escape.js";
import { METRIC_LABELS, changeWithInterval, limitFigure, valueFigure } from "../figures.js";
import type { Result } from "../result.js";
import { candidateNames } from "../rows.js";
import { rowVerdict } from "../table.js";

/** More rows than this are not read; a file of two hundred scenarios stays light. */
const MOST_ROWS = 1_000;

/** Rows as an HTML table that scrolls sideways on a narrow screen and can be reached by keyboard. */
export function rowsTable(result: Result, cells: readonly ResultCell[], caption: string): string {
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
  const rows = cells.slice(0, MOST_ROWS).map((cell) => {
    const scenario =
      cell.scenario === null ? "service" : `<bdi>${htmlText(shortened(visible(cell.scenario), 300))}</bdi>`;
    return (
      `<tr><th scope="row">${scenario}</th>` +
      (several ? `<td><bdi>${htmlText(shortened(visible(cell.arm), 60))}</bdi></td>` : "") +
      `<td>${METRIC_LABELS[cell.metric]}</td><td class="n">${htmlText(valueFigure(cell.baseline, cell.unit))}</td>` +
      `<td class="n">${htmlText(valueFigure(cell.candidate, cell.unit))}</td><td class="n">${htmlText(changeWithInterval(cell))}</td>` +
      `<td class="n">${cell.limit === null ? "–" : htmlText(limitFigure(cell.metric, cell.limit))}</td>` +
      `<td class="${weight(cell)}">${rowVerdict(cell)}</td></tr>`
    );
  });
  const rest =
    cells.length > MOST_ROWS ? `<p>and ${cells.length - MOST_ROWS} more rows, in result.json</p>` : "";
  return `<div class="scroll" tabindex="0" role="region" aria-label="${htmlText(caption)}"><table><caption>${htmlText(caption)}</caption><thead><tr>${head.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>${rest}`;
}

function weight(cell: ResultCell): string {
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
