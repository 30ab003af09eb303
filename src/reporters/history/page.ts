import { creepOf, type Creep } from "../../history/creep.js";
import { seriesOf, type HistorySeries } from "../../history/series.js";
import { descriptorOf } from "../../metrics/metrics.js";
import { htmlProse, htmlText, shortened, visible } from "../../text/escape.js";
import { STYLE } from "../html/style.js";
import { changeWithInterval, valueFigure } from "../text/figures.js";
import { VERDICT_WORDS } from "../text/rows.js";
import { creepSentence } from "./creep-text.js";
import type { History } from "./history.js";
import { remarks } from "./text.js";
import { chainChart, medianChart } from "./trend-charts.js";

const OWN_STYLE = `
.spot{fill:none;stroke:var(--a1);stroke-width:4.4;stroke-linecap:round}.spot.dim{stroke:var(--quiet);stroke-opacity:.3}
.worse{fill:var(--red)}.better{fill:var(--green)}.release{stroke:var(--quiet);stroke-dasharray:2 3;fill:none}
.shift{stroke:var(--a2);stroke-width:1.4;fill:none}.gap{stroke:var(--yellow);stroke-width:2;fill:none}
.key{display:flex;flex-wrap:wrap;gap:2px 18px;padding:0;list-style:none;font-size:13px;color:var(--quiet)}
`.replaceAll("\n", "");

/** Characters that pictures may take together, and rows of the table: the page stays under some megabytes. */
const ROOM_FOR_PICTURES = 3_000_000;
const MOST_ROWS = 2_000;

interface Drawn {
  readonly series: HistorySeries;
  readonly creep: Creep;
  readonly place: number;
}

/**
 * The history as one HTML file: no script, no request to anywhere, so that it can be published as it is. Gated series come
 * first; where there are too many, the others have a row of the table only.
 */
export function renderHistoryPage(history: History): string {
  const all = seriesOf(history.lines).map((series, place) => ({
    series,
    place,
    creep: creepOf(series, history.order),
  }));
  const gated = all.filter(({ series }) => isGated(series));
  const pictures = drawnSections(history, all);
  const title = titleOf(history, all);
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">` +
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">' +
    `<title>${htmlText(title)}</title><style>${STYLE}${OWN_STYLE}</style></head><body>` +
    `<a class="skip" href="#rows">Skip to the table</a><header><h1>${htmlText(title)}</h1>${span(history)}</header><main>` +
    creepSection(gated.length > 0 ? gated : all) +
    tableSection(all, new Set(pictures.map(({ place }) => place))) +
    (pictures.length === 0 ? "" : KEY) +
    pictures.map(({ html }) => html).join("") +
    notDrawn(all.length - pictures.length) +
    remarkSection(history) +
    `</main><footer>Written by Tailgate. Change points are drawn and never decide anything; every figure is in the history's lines.</footer></body></html>\n`
  );
}

const KEY =
  '<ul class="key" aria-label="Marks in the pictures"><li>line and band: paired changes one after another, with the 95 % interval</li>' +
  "<li>triangle upwards: regressed</li><li>triangle downwards: improved</li><li>weak dots: other processors than the newest run’s</li>" +
  "<li>dotted vertical: a release</li><li>vertical line: a change point</li><li>tick at the foot: commits before it were not measured</li></ul>";

function isGated({ lines }: HistorySeries): boolean {
  return lines.at(-1)!.gated;
}

function titleOf({ order }: History, all: readonly Drawn[]): string {
  const release = order.releases.at(-1);
  const since =
    release === undefined ? "since the first stored run" : `since ${shortened(visible(release.name), 60)}`;
  const crept = all.filter(({ series, creep }) => isGated(series) && isWorse(series, creep));
  if (all.length === 0) return "History of latency: no run is stored yet";
  if (crept.length === 0) return `History of latency: nothing gated is shown to be slower ${since}`;
  return `History of latency: ${crept.length} gated ${crept.length === 1 ? "metric is" : "metrics are"} worse ${since}`;
}

/** Whether the interval of what has come together lies on the worse side altogether. */
function isWorse({ metric }: HistorySeries, { now }: Creep): boolean {
  const { low, high } = now ?? { low: null, high: null };
  return descriptorOf(metric).worse === "higher" ? (low ?? 0) > 0 : (high ?? 0) < 0;
}

function span({ lines }: History): string {
  const [first, last] = [lines[0], lines.at(-1)];
  if (first === undefined || last === undefined) return "";
  const runs = new Set(lines.map(({ at, suite, head }) => `${at} ${suite} ${head.sha}`)).size;
  return `<p class="quiet">${runs} ${runs === 1 ? "run" : "runs"} from ${first.at.slice(0, 10)} to ${last.at.slice(0, 10)}, ${lines.length} lines</p>`;
}

function creepSection(all: readonly Drawn[]): string {
  if (all.length === 0) return "";
  const listed = all
    .toSorted((a, b) => Number(isWorse(b.series, b.creep)) - Number(isWorse(a.series, a.creep)))
    .slice(0, 30)
    .map(
      ({ series, creep }) =>
        `<li${isWorse(series, creep) ? ' class="bad"' : ""}>${htmlProse(creepSentence(series, creep))}</li>`,
    );
  const rest = all.length > 30 ? `<li>and ${all.length - 30} more, in the table</li>` : "";
  return `<section aria-labelledby="creep"><h2 id="creep">Since the last release</h2><ul>${listed.join("")}${rest}</ul></section>`;
}

function tableSection(all: readonly Drawn[], drawn: ReadonlySet<number>): string {
  const several = new Set(all.map(({ series }) => series.suite)).size > 1;
  const head = [
    ...(several ? ["Suite"] : []),
    "Scenario",
    "Metric",
    "Runs",
    "Newest",
    "Head",
    "Last change [95 % interval]",
    "Verdict",
  ];
  const rows = all.slice(0, MOST_ROWS).map(({ series, creep, place }) => {
    const last = series.lines.at(-1)!;
    const name = `<bdi>${htmlText(shortened(visible(series.scenario ?? "service"), 120))}</bdi>`;
    const since = creep.now;
    return (
      `<tr>${several ? `<td><bdi>${htmlText(shortened(visible(series.suite), 60))}</bdi></td>` : ""}` +
      `<th scope="row">${drawn.has(place) ? `<a href="#series-${place}">${name}</a>` : name}</th>` +
      `<td>${htmlText(descriptorOf(series.metric).label)}</td><td class="n">${series.lines.length}</td><td>${last.at.slice(0, 10)}</td>` +
      `<td class="n">${htmlText(valueFigure(last.candidate, last.unit))}</td><td class="n">${htmlText(changeWithInterval(last))}</td>` +
      `<td>${VERDICT_WORDS[last.verdict]}</td>` +
      `<td class="n">${since === null ? "–" : htmlText(changeWithInterval({ ...since, metric: series.metric }))}</td></tr>`
    );
  });
  const titles = [...head, "Since release"].map((text) => `<th scope="col">${text}</th>`).join("");
  const rest = all.length > MOST_ROWS ? `<p>and ${all.length - MOST_ROWS} more</p>` : "";
  const table =
    rows.length === 0
      ? "<p>No run is stored yet.</p>"
      : `<div class="scroll" tabindex="0" role="group" aria-label="Where every metric stands"><table><caption>Where every metric stands</caption><thead><tr>${titles}</tr></thead><tbody>${rows.join("")}</tbody></table></div>${rest}`;
  return `<section id="rows" aria-label="Results">${table}</section>`;
}

/** Gated series claim the room first; what is drawn stands in the order of the table. */
function drawnSections({ order }: History, all: readonly Drawn[]): { place: number; html: string }[] {
  let room = ROOM_FOR_PICTURES;
  const drawn: { place: number; html: string }[] = [];
  for (const one of all.toSorted((a, b) => Number(isGated(b.series)) - Number(isGated(a.series)))) {
    const { series, creep, place } = one;
    const html =
      `<section aria-labelledby="series-${place}"><h2 id="series-${place}">${heading(series)}</h2>` +
      `<p>${htmlProse(creepSentence(series, creep))}</p>` +
      `<div class="pictures two">${creep.chain.links.length === 0 ? "" : chainChart(series, creep)}${medianChart(series, order)}</div></section>`;
    room -= html.length;
    if (room < 0) break;
    drawn.push({ place, html });
  }
  return drawn.sort((a, b) => a.place - b.place);
}

function heading({ suite, scenario, metric }: HistorySeries): string {
  const apart = suite === "default" ? "" : `${htmlText(shortened(visible(suite), 60))}: `;
  return `${apart}<bdi>${htmlText(shortened(visible(scenario ?? "service"), 200))}</bdi>, ${htmlText(descriptorOf(metric).label)}`;
}

function notDrawn(count: number): string {
  return count === 0
    ? ""
    : `<p class="quiet">${count} more ${count === 1 ? "metric is" : "metrics are"} not drawn, to keep this file small; the table has them.</p>`;
}

function remarkSection(history: History): string {
  const said = remarks(history);
  if (said.length === 0) return "";
  return `<h2 class="remark">Remarks</h2><ul>${said.map((one) => `<li>${htmlProse(shortened(visible(one), 1_000))}</li>`).join("")}</ul>`;
}
