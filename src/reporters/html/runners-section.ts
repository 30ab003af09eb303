import { descriptorOf } from "../../metrics/metrics.js";
import type { Result } from "../../model/result.js";
import { htmlText, shortened, visible } from "../../text/escape.js";
import { groupRows } from "../text/rows.js";
import { runnerEstimates } from "../text/runners.js";

/** More columns than this nobody compares; the rows that need attention come first. */
const MOST_CELLS = 12;

/** What each runner of a divided run says by itself; empty where one machine measured all. */
export function runnersSection(result: Result): string {
  const { open, unchanged } = groupRows(result);
  const cells = [...open, ...unchanged].filter(({ change }) => change !== null).slice(0, MOST_CELLS);
  const estimates = runnerEstimates(result, cells);
  if (estimates.length === 0) return "";
  const heads = cells.map(({ scenario, metric }) => {
    const name = htmlText(shortened(visible(scenario ?? "service"), 40));
    return `<th scope="col" class="n"><bdi>${name}</bdi><br>${descriptorOf(metric).label}</th>`;
  });
  const rows = estimates.map(({ runner, changes }) => {
    const machine = htmlText(shortened(visible(runner.environment?.cpuModel ?? ""), 60));
    const figures = changes.map((change) => `<td class="n">${htmlText(change)}</td>`);
    return (
      `<tr><th scope="row">${runner.shard}</th><td>${machine}</td><td>${runner.outcome}</td>` +
      `<td class="n">${runner.blocks}</td>${figures.join("")}</tr>`
    );
  });
  const caption = "Mean change on each runner, from its own blocks alone";
  return (
    '<section aria-labelledby="runners"><h2 id="runners">Runner by runner</h2>' +
    `<div class="scroll" tabindex="0" role="group" aria-label="${caption}"><table><caption>${caption}</caption>` +
    '<thead><tr><th scope="col">Shard</th><th scope="col">Machine</th><th scope="col">Outcome</th>' +
    `<th scope="col" class="n">Blocks</th>${heads.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div></section>`
  );
}
