import { aligned } from "../../reporters/terminal/aligned.js";
import { visible } from "../../text/escape.js";
import { clip } from "../../reporters/terminal/width.js";
import type { Observations } from "../../model/observations.js";
import type { ObservedCell } from "../../model/observed-cell.js";
import type { JudgedCell, Judgement } from "../../model/judgement.js";
import { formatChange, formatChangeSize, formatLimitWithFloor } from "../../metrics/format-change.js";
import { formatInUnit } from "../../text/format-quantity.js";

const LONGEST_NAME = 40;

const VERDICTS: Readonly<Record<Judgement["verdict"], string>> = {
  regression: "Regression",
  pass: "Pass",
  inconclusive: "Inconclusive",
};

/** A judged document for a person: the verdict, then a row a cell, those that matter first. */
export function judgementText(judgement: Judgement, observations: Observations): string {
  const blocks = observations.cells[0]?.values[observations.baseline]?.length ?? 0;
  const heading = `${VERDICTS[judgement.verdict]} at ${judgement.look} of ${blocks} blocks: ${counts(judgement)}.`;
  const rows = [...judgement.cells]
    .sort((a, b) => weight(a) - weight(b))
    .map((cell) => row(cell, observedCell(observations, cell)));
  const several = new Set(judgement.cells.map(({ arm }) => arm)).size > 1;
  const titles = [
    "Scenario",
    "Metric",
    "Arm",
    "Base",
    "Head",
    "Change [95 % interval]",
    "Limit",
    "Found from",
    "p",
    "Verdict",
  ];
  if (several || judgement.cells[0]?.arm !== "head") [titles[3], titles[4]] = ["Baseline", "Candidate"];
  const kept = titles.map((_, column) => several || column !== 2);
  const lines = [titles, ...rows].map((line) => line.filter((_, column) => kept[column]));
  return `${heading}\n\n${aligned(lines)}\n`;
}

function counts(judgement: Judgement): string {
  const gated = judgement.cells.filter((cell) => cell.gated);
  const parts = (["regressed", "inconclusive", "unchanged", "improved"] as const)
    .map((verdict) => [verdict, gated.filter((cell) => cell.verdict === verdict).length] as const)
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${count} ${verdict === "unchanged" ? "within limit" : verdict}`);
  return parts.length === 0 ? "no cell is gated" : parts.join(", ");
}

function row(cell: JudgedCell, observed: ObservedCell): string[] {
  const limit = formatLimitWithFloor(observed, {
    limit: observed.limit,
    floor: observed.floor,
    effectiveLimit: cell.effectiveLimit,
    unit: visible(observed.unit),
  });
  const [change, low, high] = [cell.change, cell.low, cell.high].map((value) =>
    formatChange(observed, value),
  );
  return [
    clip(visible(cell.scenario ?? "-"), LONGEST_NAME),
    clip(visible(cell.metric), LONGEST_NAME),
    clip(visible(cell.arm), LONGEST_NAME),
    formatInUnit(cell.baseline, visible(observed.unit)),
    formatInUnit(cell.candidate, visible(observed.unit)),
    `${change!} [${low!} to ${high!}]`,
    cell.gated ? limit : `(${limit})`,
    Number.isFinite(cell.minimumDetectable) ? formatChangeSize(observed, cell.minimumDetectable) : "-",
    cell.pAdjusted === null ? "-" : cell.pAdjusted.toFixed(4),
    `${cell.verdict === "unchanged" ? "within limit" : cell.verdict}${cell.gated ? "" : ", not gated"}`,
  ];
}

function observedCell(observations: Observations, judged: JudgedCell): ObservedCell {
  return observations.cells.find(
    ({ scenario, metric }) => scenario === judged.scenario && metric === judged.metric,
  )!;
}

function weight({ verdict, gated }: JudgedCell): number {
  const order = ["regressed", "inconclusive", "improved", "unchanged"].indexOf(verdict);
  return order + (gated ? 0 : 10);
}
