import { descriptorOf } from "../../metrics/metrics.js";
import { binEdgeUs } from "../../load/samples/histogram.js";
import { shortened, visible } from "../../text/escape.js";
import { distributionOf, type Distribution } from "../text/distribution.js";
import { renderMarkdown } from "./report-markdown.js";
import type { Result } from "../../model/result.js";
import { candidateNames, groupRows } from "../text/rows.js";

/** GitHub takes summaries up to 1 MiB; the text leaves room for the pictures. */
const MAXIMUM_TEXT = 600_000;
/** Pictures that a page of a summary stays quick with. */
const MAXIMUM_PICTURES = 4;
const BARS = 24;

/** The job summary: the report, then the latency distribution of the scenarios that matter most as Mermaid charts. */
export function renderSummary(result: Result): string {
  const pictures = scenariosToShow(result).flatMap((scenario) => picture(result, scenario));
  const text = renderMarkdown(result, { maxCharacters: MAXIMUM_TEXT });
  return pictures.length === 0 ? text : `${text}\n#### Where the requests lie\n\n${pictures.join("\n\n")}\n`;
}

function scenariosToShow(result: Result): string[] {
  const open = groupRows(result).open.filter((cell) => descriptorOf(cell.metric).isLatency);
  const names = [
    ...open.map((cell) => cell.scenario),
    ...result.plan.scenarios.map((scenario) => scenario.name),
  ];
  return Array.from(new Set(names.filter((name) => name !== null))).slice(0, MAXIMUM_PICTURES);
}

function picture(result: Result, scenario: string): string[] {
  const candidate = candidateNames(result)[0];
  const names = candidate === undefined ? [result.plan.baseline] : [result.plan.baseline, candidate];
  const arms = names.flatMap((name) => {
    const distribution = distributionOf(result, name, scenario);
    return distribution === null ? [] : [{ name, distribution }];
  });
  if (arms.length === 0) return [];
  const bars = shared(arms.map((arm) => arm.distribution));
  if (bars.labels.length < 2) return [];
  const most = Math.max(...bars.shares.flat());
  const who = arms.map((arm, index) => `${index === 0 ? "bars" : "line"}: ${plain(arm.name)}`).join(", ");
  return [
    [
      "```mermaid",
      "xychart-beta",
      `  title "${plain(scenario)}: share of requests by latency (${who})"`,
      `  x-axis "latency, ms" [${bars.labels.join(", ")}]`,
      `  y-axis "share, %" 0 --> ${Math.ceil(most * 110) || 1}`,
      ...bars.shares.map(
        (row, index) =>
          `  ${index === 0 ? "bar" : "line"} [${row.map((share) => (share * 100).toFixed(1)).join(", ")}]`,
      ),
      "```",
    ].join("\n"),
  ];
}

/** The bins that hold all but the outermost half percent of every arm, joined to at most `BARS`. */
function shared(distributions: readonly Distribution[]): { labels: string[]; shares: number[][] } {
  const first = Math.min(...distributions.map((distribution) => distribution.binAt(0.0025)));
  const last = Math.max(...distributions.map((distribution) => distribution.binAt(0.9975)));
  const joined = Math.max(1, Math.ceil((last - first + 1) / BARS));
  const labels: string[] = [];
  const shares: number[][] = distributions.map(() => []);
  for (let bin = first; bin <= last; bin += joined) {
    labels.push(`"${(binEdgeUs(bin) / 1000).toPrecision(2).replace(/\.0+$/u, "")}"`);
    distributions.forEach((distribution, index) => {
      let share = 0;
      for (let inner = bin; inner < bin + joined; inner++) share += distribution.share(inner);
      shares[index]!.push(share);
    });
  }
  return { labels, shares };
}

/** Mermaid has no escape for quotation marks and reads `#` and `;` as entities; names in a picture keep letters only. */
function plain(text: string): string {
  return shortened(visible(text).replace(/[^\p{L}\p{N} ._/-]/gu, ""), 60) || "unnamed";
}
