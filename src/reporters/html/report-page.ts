import { notices } from "../text/notices.js";
import { htmlLines, htmlProse, htmlText, shortened, visible } from "../../text/escape.js";
import { sinceReleaseLine } from "../text/since-release.js";
import { methodology } from "../text/methodology.js";
import { comparison, verdictCounts, headline } from "../text/headline.js";
import { healthCharts, timeLine } from "./block-charts.js";
import { rowsTable } from "./rows-table.js";
import { scenarioSection, serviceSection } from "./scenario.js";
import { stackTable } from "./stack-table.js";
import { runnersSection } from "./runners-section.js";
import { STYLE } from "./style.js";
import { whySlowerSection } from "./why-slower-section.js";
import type { Result } from "../../model/result.js";
import type { ServiceLog } from "../reporter.js";
import { groupRows } from "../text/rows.js";
import { stackTables } from "../text/stack-table.js";

/** How much of what grows with the number of scenarios is shown. */
interface Room {
  /** Characters that pictures of scenarios may take together. */
  readonly pictures: number;
  readonly tableRows: number;
  readonly nameLength: number;
  /** Call paths in the picture of why head is slower. */
  readonly callPaths: number;
}

/** Tried in turn until the file is under one megabyte. */
const ROOMS: readonly [Room, ...Room[]] = [
  { pictures: 750_000, tableRows: 1_000, nameLength: 300, callPaths: 700 },
  { pictures: 300_000, tableRows: 500, nameLength: 120, callPaths: 500 },
  { pictures: 100_000, tableRows: 100, nameLength: 60, callPaths: 300 },
  { pictures: 0, tableRows: 50, nameLength: 40, callPaths: 0 },
];
const MAXIMUM_BYTES = 1_000_000;
const ROOM_FOR_LOGS = 60_000;
const LISTED_LINES = 200;

/**
 * The report as one HTML file: no script, no request to anywhere, readable in light and dark, by keyboard and screen
 * reader, under one megabyte. Where the scenarios are too many, those that need attention are drawn.
 */
export function renderReportPage(
  result: Result,
  options: { readonly logs?: readonly ServiceLog[] } = {},
): string {
  let page = "";
  for (const room of ROOMS) {
    page = pageInRoom(result, options.logs ?? [], room);
    if (new TextEncoder().encode(page).length < MAXIMUM_BYTES) break;
  }
  return page;
}

function pageInRoom(result: Result, given: readonly ServiceLog[], room: Room): string {
  const title = headline(result);
  const drawn = drawnScenarios(result, room);
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    // Nothing may be loaded or run, whatever a name from outside contains.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">` +
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">' +
    `<title>${htmlText(shortened(title, 150))}</title><style>${STYLE}</style></head><body>` +
    `<a class="skip" href="#rows">Skip to the table</a><header>${opening(result, title)}</header><main>` +
    [
      rowsSection(result, room),
      whySlowerSection(result, room),
      noticesSection(result),
      runnersSection(result),
      navigation(drawn),
      ...drawn.map((one) => one.html),
      notDrawn(result, drawn.length),
    ].join("") +
    [
      serviceSection(result),
      timeLineSection(result),
      methodologySection(result),
      logsSection(result, given),
      reproductionSection(result),
    ].join("") +
    `</main><footer>Written by Tailgate ${htmlText(result.environment.tailgate)}. Every figure here is in result.json.</footer></body></html>\n`
  );
}

function opening(result: Result, title: string): string {
  const word = title.slice(0, title.indexOf(":"));
  const rest = title.slice(word.length + 1).trim();
  const tally = verdictCounts(result);
  const since = sinceReleaseLine(result);
  return (
    `<h1><span class="verdict ${result.verdict}">${htmlText(word)}</span><br>${htmlText(rest)}</h1>` +
    `<p>${htmlProse(shortened(result.reason, 2_000))}</p><p class="quiet">${htmlText(comparison(result))}</p>` +
    (tally === "" ? "" : `<p><strong>${htmlText(tally)}</strong></p>`) +
    (since === null ? "" : `<p>${htmlProse(since)}</p>`)
  );
}

function rowsSection(result: Result, room: Room): string {
  const groups = groupRows(result);
  const parts = [
    ...stackTables(result).map(stackTable),
    groups.open.length > 0
      ? rowsTable(result, groups.open, "Rows that need attention, regressions first", room)
      : "",
    folded(
      `${groups.unchanged.length} unchanged, shown to be within their limits`,
      groups.unchanged.length > 0 ? rowsTable(result, groups.unchanged, "Unchanged rows", room) : "",
      groups.open.length === 0,
    ),
    folded(
      `${groups.ungated.length} measured, not gated`,
      groups.ungated.length > 0 ? rowsTable(result, groups.ungated, "Rows that are not gated", room) : "",
    ),
    folded(
      `${groups.control.length} of the control: the baseline against a second copy of itself`,
      groups.control.length > 0 ? rowsTable(result, groups.control, "Rows of the control", room) : "",
    ),
  ].filter((part) => part !== "");
  const none = parts.length === 0 ? "<p>Nothing was measured that could be compared.</p>" : "";
  return `<section id="rows" aria-label="Results">${parts.join("")}${none}</section>`;
}

function noticesSection(result: Result): string {
  const said = notices(result);
  return [
    list("Accepted", said.accepted),
    list("Not settled", said.unsettled),
    list("Configuration", said.notes),
    list("Warnings", said.warnings),
    list("Not gated", said.ungated),
  ].join("");
}

function list(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  const shown = lines
    .slice(0, LISTED_LINES)
    .map((line) => `<li>${htmlProse(shortened(visible(line), 1_000))}</li>`);
  const rest =
    lines.length > LISTED_LINES ? `<li>and ${lines.length - LISTED_LINES} more, in result.json</li>` : "";
  return `<h2 class="remark">${title}</h2><ul>${shown.join("")}${rest}</ul>`;
}

interface DrawnScenario {
  readonly name: string;
  readonly place: number;
  readonly html: string;
}

/** Scenarios that need attention first claim the room; what is drawn then stands in the plan's order. */
function drawnScenarios(result: Result, { pictures }: Room): DrawnScenario[] {
  if (result.blocks.length === 0) return [];
  const names = result.plan.scenarios.map((scenario) => scenario.name);
  const urgent = groupRows(result).open.map((cell) => cell.scenario);
  const order = Array.from(new Set([...urgent.filter((name) => name !== null), ...names])).filter((name) =>
    names.includes(name),
  );
  const drawn: DrawnScenario[] = [];
  let room = pictures;
  for (const name of order) {
    const place = names.indexOf(name);
    const html = scenarioSection(result, name, place);
    if (html.length > room) break;
    room -= html.length;
    drawn.push({ name, place, html });
  }
  return drawn.sort((a, b) => a.place - b.place);
}

function notDrawn(result: Result, drawn: number): string {
  const rest = result.plan.scenarios.length - drawn;
  if (rest <= 0 || result.blocks.length === 0) return "";
  return `<p class="quiet">${rest} more ${rest === 1 ? "scenario is" : "scenarios are"} not drawn, to keep this file small; their figures are in the tables and in result.json.</p>`;
}

function navigation(drawn: readonly DrawnScenario[]): string {
  if (drawn.length < 2) return "";
  const links = drawn.map(
    ({ name, place }) =>
      `<li><a href="#scenario-${place}"><bdi>${htmlText(shortened(visible(name), 80))}</bdi></a></li>`,
  );
  return `<nav aria-label="Scenarios"><h2>Scenarios</h2><ul>${links.join("")}</ul></nav>`;
}

function timeLineSection(result: Result): string {
  if (result.blocks.length === 0) return "";
  const names = result.arms.map((arm) => arm.name);
  return `<section aria-labelledby="course"><h2 id="course">The course of the run</h2>${timeLine(result.blocks, names)}${healthCharts(result.blocks)}</section>`;
}

function methodologySection(result: Result): string {
  const lines = methodology(result).map(
    ({ label, text }) =>
      `<dt>${htmlText(shortened(label, 200))}</dt><dd>${htmlProse(shortened(text, 2_000))}</dd>`,
  );
  return `<section aria-labelledby="measured"><h2 id="measured">How it was measured</h2><dl>${lines.join("")}</dl></section>`;
}

function logsSection(result: Result, given: readonly ServiceLog[]): string {
  const all =
    result.logTail === null ? given : [{ arm: result.logTail.of, text: result.logTail.lines }, ...given];
  if (all.length === 0) return "";
  const each = Math.floor(ROOM_FOR_LOGS / all.length);
  const parts = all.map(({ arm, text }, index) => {
    const name = htmlText(shortened(visible(arm), 100));
    const end = text.length > each ? `…${text.slice(-each)}` : text;
    const body = `<pre tabindex="0" aria-label="Log of ${name}">${htmlLines(end)}</pre>`;
    return folded(`The end of the log of ${name}`, body, index === 0 && result.logTail !== null);
  });
  return `<section aria-labelledby="logs"><h2 id="logs">Logs</h2>${parts.join("")}</section>`;
}

function reproductionSection(result: Result): string {
  if (result.reproduce.trim() === "") return "";
  return `<section aria-labelledby="again"><h2 id="again">How to reproduce it on your own machine</h2><pre tabindex="0" aria-label="Command">${htmlLines(shortened(result.reproduce, 20_000))}</pre><p class="quiet">The seed repeats order and load. Another machine gives other times; the comparison holds where it is made.</p></section>`;
}

/** @param title - HTML already */
function folded(title: string, inside: string, open = false): string {
  return inside === "" ? "" : `<details${open ? " open" : ""}><summary>${title}</summary>${inside}</details>`;
}
