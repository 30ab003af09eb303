import { descriptorOf } from "../../metrics/metrics.js";
import { markdownTable } from "markdown-table";
import type { ResultCell } from "../../model/result.js";
import { markdownName, markdownText, shortened, visible } from "../../text/escape.js";
import { changeWithInterval, limitOrDash, valueFigure } from "../text/figures.js";
import type { Result } from "../../model/result.js";
import { VERDICT_WORDS, candidateNames } from "../text/rows.js";

const ROW_SIGNS: Partial<Record<ResultCell["verdict"], string>> = {
  regressed: "🔴 ",
  failing: "🔴 ",
  overloaded: "🔴 ",
  improved: "🟢 ",
  inconclusive: "🟡 ",
};

/** The verdict of a row in words, with what takes its weight away. */
export function rowVerdict(cell: ResultCell): string {
  const word = VERDICT_WORDS[cell.verdict];
  if (cell.accepted !== null) return `${word}, accepted`;
  if (!cell.gated && cell.limit !== null && cell.verdict !== "no-baseline") return `${word}, not gated`;
  return word;
}

/** The sign before a row's verdict; rows that do not decide anything have none. */
function rowSign(cell: ResultCell): string {
  return cell.accepted === null && (cell.gated || cell.verdict !== "regressed")
    ? (ROW_SIGNS[cell.verdict] ?? "")
    : "";
}

/** Rows as a Markdown table; an arm column where several candidates are compared. */
export function cellTable(result: Result, cells: readonly ResultCell[], nameLength: number): string {
  const several = candidateNames(result).length > 1;
  const heading = [
    "Scenario",
    ...(several ? ["Arm"] : []),
    "Metric",
    several ? "Baseline" : columnName(result.plan.baseline),
    several ? "Candidate" : columnName(candidateNames(result)[0] ?? "head"),
    "Change [95 % interval]",
    "Limit",
    "Verdict",
  ];
  const rows = cells.map((cell) => [
    cell.scenario === null ? "service" : markdownName(shortened(visible(cell.scenario), nameLength)),
    ...(several ? [markdownName(shortened(visible(cell.arm), nameLength))] : []),
    descriptorOf(cell.metric).label,
    unbroken(valueFigure(cell.baseline, cell.unit)),
    unbroken(valueFigure(cell.candidate, cell.unit)),
    unbroken(changeWithInterval(cell)).replace("\u00a0[", " ["),
    unbroken(limitOrDash(cell)),
    `${rowSign(cell)}${cell.verdict === "regressed" && cell.gated && cell.accepted === null ? `**${rowVerdict(cell)}**` : rowVerdict(cell)}`,
  ]);
  const align = ["l", ...(several ? ["l"] : []), "l", "r", "r", "r", "r", "l"];
  return markdownTable([heading, ...rows], { align, padding: true, alignDelimiters: false });
}

/** Numbers stay with their units when a table is narrow. */
function unbroken(figure: string): string {
  return figure.replaceAll(" ", "\u00a0");
}

function columnName(arm: string): string {
  const name = markdownText(shortened(visible(arm), 40));
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}
