import type { ResultCell } from "../../model/result.js";
import { notices } from "../text/notices.js";
import { codeBlock, markdownProse, shortened, visible } from "../../text/escape.js";
import { methodology } from "../text/methodology.js";
import { comparison, headline, signOf, verdictCounts } from "../text/headline.js";
import type { Result } from "../../model/result.js";
import { groupRows } from "../text/rows.js";
import { stackMarkdown } from "./stack-markdown.js";
import { sinceReleaseLine } from "../text/since-release.js";
import { stackTables } from "../text/stack-table.js";
import { whySlower } from "../text/why-slower.js";
import { cellTable } from "./table.js";

/** How much of each part is shown. */
interface Room {
  readonly stackTables: number;
  readonly openRows: number;
  readonly functions: number;
  readonly unchangedRows: number;
  readonly ungatedRows: number;
  readonly controlRows: number;
  readonly logLines: number;
  readonly lines: number;
  readonly lineLength: number;
  readonly nameLength: number;
  readonly facts: boolean;
}

const WHOLE: Room = {
  stackTables: Infinity,
  openRows: Infinity,
  functions: Infinity,
  unchangedRows: Infinity,
  ungatedRows: Infinity,
  controlRows: Infinity,
  logLines: 60,
  lines: 100,
  lineLength: 1_000,
  nameLength: 120,
  facts: true,
};

/** What is given up, in this order, until a report fits; each step keeps what the ones before it gave up. */
const SHORTENINGS: readonly { readonly name: string; readonly change: Partial<Room> }[] = [
  { name: "control rows", change: { controlRows: 0 } },
  { name: "rows that are not gated", change: { ungatedRows: 0 } },
  { name: "unchanged rows", change: { unchangedRows: 0 } },
  {
    name: "long names and long lists of remarks",
    change: { nameLength: 60, lines: 20, lineLength: 300, logLines: 30 },
  },
  { name: "rows after the first 100", change: { openRows: 100 } },
  { name: "how it was measured", change: { facts: false, lines: 8 } },
  { name: "rows after the first 30", change: { openRows: 30, nameLength: 40, logLines: 10 } },
  {
    name: "rows after the first 10",
    change: { openRows: 10, stackTables: 1, functions: 1, lines: 3, lineLength: 150 },
  },
];

/** GitHub takes 65,536 characters for a comment; its marker needs some of them. */
export const COMMENT_CHARACTERS = 60_000;

/** The report's body as Markdown for a comment, a summary or `report.md`, no longer than `maxCharacters`. */
export function renderMarkdown(result: Result, options: { readonly maxCharacters: number }): string {
  let room = WHOLE;
  let body = render(result, room, []);
  const given: string[] = [];
  for (const { name, change } of SHORTENINGS) {
    if (body.length <= options.maxCharacters) return body;
    room = { ...room, ...change };
    given.push(name);
    body = render(result, room, given);
  }
  if (body.length <= options.maxCharacters) return body;
  return shortest(result).slice(0, options.maxCharacters);
}

function render(result: Result, room: Room, given: readonly string[]): string {
  const rows = groupRows(result);
  const said = notices(result);
  const table = (cells: readonly ResultCell[], most: number): string =>
    [cellTable(result, cells.slice(0, most), room.nameLength), more(cells.length - most)]
      .filter(isText)
      .join("\n\n");
  const folded = (
    cells: readonly ResultCell[],
    most: number,
    title: string,
    notes: readonly string[],
  ): string => {
    if (cells.length === 0) return "";
    const inside = [most > 0 ? table(cells, most) : "", list(notes, room)].filter(isText).join("\n\n");
    return inside === "" ? `${title}.` : fold(title, inside);
  };
  const sections = [
    `### ${signOf(result)} ${markdownProse(headline(result))}`,
    opening(result, room),
    ...stackTables(result)
      .slice(0, room.stackTables)
      .map((stacks) => stackMarkdown(stacks, room.nameLength)),
    rows.open.length === 0 ? "" : table(rows.open, room.openRows),
    explanationSection(result, room),
    titled("Accepted", said.accepted, room),
    titled("Not settled", said.unsettled, room),
    titled("Configuration", said.notes, room),
    titled("Warnings", said.warnings, room),
    logTail(result, room),
    folded(
      rows.unchanged,
      room.unchangedRows,
      `${rows.unchanged.length} unchanged, shown to be within their limits`,
      [],
    ),
    folded(rows.ungated, room.ungatedRows, `${rows.ungated.length} measured, not gated`, said.ungated),
    folded(
      rows.control,
      room.controlRows,
      `${rows.control.length} of the control: the baseline against a second copy of itself`,
      [],
    ),
    room.facts ? fold("How it was measured", factList(result, room)) : "",
    reproduction(result),
    given.length === 0
      ? ""
      : `<sub>Shortened to fit, left out: ${given.join("; ")}. The whole is in report.html and result.json.</sub>`,
  ];
  return `${sections.filter(isText).join("\n\n")}\n`;
}

/** What is left when even ten rows do not fit. */
function shortest(result: Result): string {
  return `### ${signOf(result)} ${markdownProse(shortened(headline(result), 200))}\n\nThe whole is in report.html and result.json.\n`;
}

function opening(result: Result, room: Room): string {
  const reason = shortened(visible(result.reason), Math.max(300, room.lineLength));
  const tally = verdictCounts(result);
  return [
    markdownProse(reason),
    markdownProse(asSentence(comparison(result))),
    tally === "" ? "" : `**${tally}**`,
    markdownProse(sinceReleaseLine(result) ?? ""),
  ]
    .filter(isText)
    .join("\n\n");
}

function asSentence(text: string): string {
  return text === "" ? "" : `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

function titled(title: string, lines: readonly string[], room: Room): string {
  return lines.length === 0 ? "" : `**${title}**\n\n${list(lines, room)}`;
}

function list(lines: readonly string[], room: Room): string {
  const shown = lines
    .slice(0, room.lines)
    .map((line) => `- ${markdownProse(shortened(visible(line), room.lineLength))}`);
  if (lines.length > room.lines) shown.push(`- and ${lines.length - room.lines} more`);
  return shown.join("\n");
}

/** Why head is slower: the answer, a line for each function, and what it rests on. */
function explanationSection(result: Result, room: Room): string {
  const why = whySlower(result);
  if (why === null) return "";
  const line = (text: string): string =>
    markdownProse(shortened(visible(text), Math.max(600, room.lineLength)));
  return [
    `**${why.title}**`,
    why.answer === null ? "" : line(why.answer),
    why.rows
      .slice(0, room.functions)
      .map((row) => `- ${line(row)}`)
      .join("\n"),
    `<sub>${why.basis.slice(0, room.lines).map(line).join(" ")}</sub>`,
  ]
    .filter(isText)
    .join("\n\n");
}

function logTail(result: Result, room: Room): string {
  if (result.logTail === null) return "";
  const lines = result.logTail.lines.trimEnd().split("\n").slice(-room.logLines);
  const short = lines.map((line) => shortened(line, 500)).join("\n");
  const title = `The end of the log of ${markdownProse(shortened(visible(result.logTail.of), 200))}`;
  return short.trim() === "" ? `${title} is empty.` : `${title}:\n\n${codeBlock(short, "text")}`;
}

function factList(result: Result, room: Room): string {
  return methodology(result)
    .map(({ label, text }) => {
      const name = markdownProse(shortened(visible(label), 150));
      return `- **${name}**: ${markdownProse(shortened(visible(text), Math.max(600, room.lineLength)))}`;
    })
    .join("\n");
}

function reproduction(result: Result): string {
  if (result.reproduce.trim() === "") return "";
  return fold(
    "How to reproduce it on your own machine",
    `${codeBlock(shortened(result.reproduce, 2_000), "sh")}\n\nThe seed repeats order and load. Another machine gives other times; the comparison holds where it is made.`,
  );
}

function fold(title: string, inside: string): string {
  return `<details>\n<summary>${title}</summary>\n\n${inside}\n\n</details>`;
}

function more(count: number): string {
  return count > 0 && Number.isFinite(count) ? `… and ${count} more rows.` : "";
}

function isText(text: string): boolean {
  return text !== "";
}
