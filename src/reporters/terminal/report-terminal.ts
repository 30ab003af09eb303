import type { Explanation } from "../../model/explanation.js";
import type { ResultCell, RunVerdict } from "../../model/result.js";
import { formatDuration } from "../../text/format-quantity.js";
import { notices } from "../text/notices.js";
import { shortened, visible, visibleLines } from "../../text/escape.js";
import { comparison, verdictCounts, headline } from "../text/headline.js";
import type { Palette } from "./palette.js";
import type { Result } from "../../model/result.js";
import { groupRows } from "../text/rows.js";
import { comparesStacks, stackTables } from "../text/stack-table.js";
import { whySlower } from "../text/why-slower.js";
import { stackTerminal } from "./stack-terminal.js";
import { terminalTable } from "./terminal-table.js";
import { wrapped } from "./width.js";

/** More rows than this are not read in a terminal: then only those that need attention are shown. */
const MOST_ROWS = 48;
const MOST_LINES = 12;
const LOG_LINES = 40;

/** The result for a terminal: the verdict, the table, what has to be said beside it. Ends with a line break. */
export function renderTerminal(
  result: Result,
  options: { readonly columns: number; readonly palette: Palette },
): string {
  const { palette } = options;
  const columns = Math.max(40, options.columns);
  const said = notices(result);
  const sections = [
    [...head(result, columns, palette), ...wrapped(visible(result.reason), columns)],
    wrapped(visible(comparison(result)), columns).map(palette.dim),
    ...stackTables(result).map((stacks) => stackTerminal(stacks, { columns, palette })),
    table(result, columns, palette),
    why(result, columns, palette),
    list("Accepted", said.accepted, columns, palette),
    list("Not settled", said.unsettled, columns, palette),
    list("Configuration", said.notes, columns, palette),
    list("Warnings", said.warnings, columns, palette, palette.yellow),
    log(result, columns, palette),
    foot(result, columns, palette),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** An explanation by itself, as no verdict goes before it. Ends with a line break. */
export function renderExplanation(
  explanation: Explanation,
  { columns, palette }: { readonly columns: number; readonly palette: Palette },
): string {
  return `${why({ explanation, verdict: "pass" }, Math.max(40, columns), palette).join("\n")}\n`;
}

function head(result: Result, columns: number, palette: Palette): string[] {
  const [first = "", ...rest] = wrapped(headline(result), columns);
  const colour = verdictColour(result.verdict, palette);
  const end = first.indexOf(":") + 1;
  return [
    `${palette.bold(colour(first.slice(0, end)))}${palette.bold(first.slice(end))}`,
    ...rest.map((line) => palette.bold(line)),
  ];
}

function verdictColour(verdict: RunVerdict, palette: Palette): (text: string) => string {
  switch (verdict) {
    case "regression":
    case "invalid":
      return palette.red;
    case "pass":
      return palette.green;
    case "inconclusive":
      return palette.yellow;
    case "no-baseline":
      return palette.cyan;
  }
}

function table(result: Result, columns: number, palette: Palette): string[] {
  const rows = groupRows(result);
  const all: ResultCell[] = [...rows.open, ...rows.unchanged, ...rows.ungated];
  if (all.length === 0) return [];
  // Stacks stand side by side above: what nothing is asked of would only repeat it at length.
  const wanted = comparesStacks(result) ? [...rows.open, ...rows.unchanged] : all;
  const shown = wanted.length <= MOST_ROWS ? wanted : rows.open.slice(0, MOST_ROWS);
  const lines = shown.length === 0 ? [] : terminalTable(result, shown, { columns, palette });
  const tally = wrapped(verdictCounts(result), columns);
  const hidden = all.length - shown.length;
  if (hidden > 0)
    tally.push(
      ...wrapped(`${hidden} rows are not shown here; they are in result.json and the reports.`, columns).map(
        palette.dim,
      ),
    );
  return lines.length === 0 ? tally : [...lines, "", ...tally];
}

function list(
  title: string,
  lines: readonly string[],
  columns: number,
  palette: Palette,
  colour: (text: string) => string = (text) => text,
): string[] {
  if (lines.length === 0) return [];
  const shown = lines
    .slice(0, MOST_LINES)
    .flatMap((line) =>
      wrapped(shortened(visible(line), 600), columns - 4).map(
        (part, index) => `${index === 0 ? "  - " : "    "}${part}`,
      ),
    );
  if (lines.length > MOST_LINES) shown.push(`    and ${lines.length - MOST_LINES} more`);
  return [palette.bold(colour(title)), ...shown];
}

function why(result: Pick<Result, "explanation" | "verdict">, columns: number, palette: Palette): string[] {
  const said = whySlower(result);
  if (said === null) return [];
  const paragraph = (text: string): string[] =>
    wrapped(shortened(visible(text), 600), columns - 2).map((line) => `  ${line}`);
  return [
    palette.bold(said.title),
    ...(said.answer === null ? [] : paragraph(said.answer)),
    ...list("", said.rows, columns, palette).slice(1),
    ...said.basis.flatMap(paragraph).map(palette.dim),
  ];
}

function log(result: Result, columns: number, palette: Palette): string[] {
  if (result.logTail === null) return [];
  const lines = visibleLines(result.logTail.lines).trimEnd().split("\n").slice(-LOG_LINES);
  const title = palette.bold(`The end of the log of ${shortened(visible(result.logTail.of), columns - 30)}`);
  if (lines.every((line) => line === "")) return [`${title} is empty.`];
  const bar = palette.dim("│");
  return [
    title,
    ...lines.flatMap((line) =>
      wrapped(shortened(line, 1_000), columns - 4).map((part) => `  ${bar} ${part}`),
    ),
  ];
}

function foot(result: Result, columns: number, palette: Palette): string[] {
  const { stopped, schedule } = result;
  const of = schedule === null ? "" : ` of at most ${schedule.maximumBlocks}`;
  const blocks = `${stopped.blocks}${of} ${stopped.blocks === 1 && of === "" ? "block" : "blocks"} in ${formatDuration(result.durationMs * 1000)}, seed ${result.seed}`;
  const again =
    result.reproduce.trim() === "" ? [] : [`Again: ${shortened(visible(result.reproduce), 1_000)}`];
  // A command is for copying: it is not broken into lines.
  return [...wrapped(blocks, columns), ...again].map(palette.dim);
}
