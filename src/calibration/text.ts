import { formatChangeSize, formatLimit } from "../metrics/format-change.js";
import { descriptorOf, knownMetric } from "../metrics/metrics.js";
import { aligned } from "../reporters/terminal/aligned.js";
import { visible } from "../text/escape.js";
import { changeWithInterval } from "../reporters/text/figures.js";
import { clip } from "../reporters/terminal/width.js";
import type { Share } from "../stats/binomial.js";
import { formatDuration, formatNumber, formatPercent } from "../text/format-quantity.js";
import { adviceOn } from "./advice.js";
import type { Calibration, ChangeFound } from "./calibration.js";
import type { CellNoise } from "./noise.js";
import type { Rates } from "./rates.js";

const LONGEST_NAME = 32;

/** A calibration for a person: rates, noise, advice. */
export function calibrationText(calibration: Calibration): string {
  const { commit, copies, blocks, pairedBlocks, run } = calibration;
  const parts = [
    `${visible(commit.label)} (${commit.sha.slice(0, 10)}) against itself: ${copies} copies in each of ${blocks} blocks, ` +
      `${pairedBlocks} pairs that share no launch, ${formatDuration(calibration.measuringMs * 1000)} of measuring.\n` +
      `A run here has up to ${run.blocks} blocks, ${formatDuration(run.measuringMs * 1000)} for two arms; it is judged after ${run.looks.join(", ")}.`,
    ratesTable(calibration),
  ];
  if (calibration.unchanged.inTurn === null) {
    parts.push("Too few blocks for a single run: go on with the same command.");
  } else {
    parts.push(
      "In brackets the 95 % interval. Resampled runs are drawn from the same blocks, so that their interval counts only as\n" +
        "many runs as fit into the blocks side by side.",
    );
  }
  for (const change of calibration.changes) parts.push(sizeTable(change));
  if (calibration.noise.length > 0) parts.push(noiseTable(calibration.noise));
  parts.push(
    adviceOn(calibration)
      .map((sentence) => `- ${sentence}`)
      .join("\n"),
  );
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function ratesTable({ unchanged, changes }: Calibration): string {
  const rows = [
    ...rateRows("unchanged", unchanged),
    ...changes.flatMap((change) => rateRows(clip(visible(change.name), LONGEST_NAME), change)),
  ];
  if (rows.length === 0) return "";
  const titles = ["code", "runs", "", "regression", "pass", "inconclusive", "blocks", "median time"];
  return aligned([titles, ...rows]);
}

function rateRows(
  name: string,
  { inTurn, resampled }: { readonly inTurn: Rates | null; readonly resampled: Rates | null },
): string[][] {
  const row = (kind: string, rates: Rates): string[] => [
    name,
    String(rates.runs),
    kind,
    withInterval(rates.failed),
    withInterval(rates.passed),
    withInterval(rates.inconclusive),
    formatNumber(rates.blocks),
    formatDuration(rates.measuringMs * 1000),
  ];
  return [
    ...(inTurn === null ? [] : [row("in turn", inTurn)]),
    ...(resampled === null ? [] : [row("resampled", resampled)]),
  ];
}

function withInterval({ share, low, high }: Share): string {
  if (share === 0) return `0 % [below ${formatPercent(high)}]`;
  if (share === 1) return `100 % [above ${formatPercent(low)}]`;
  return `${formatPercent(share)} [${formatPercent(low)}, ${formatPercent(high)}]`;
}

function sizeTable({ name, size }: ChangeFound): string {
  const rows = size.flatMap((cell) => {
    const metric = knownMetric(cell.metric)?.name;
    return metric === undefined
      ? []
      : [[rowName({ ...cell, metric }), changeWithInterval({ ...cell, metric })]];
  });
  return aligned([
    [`what ${clip(visible(name), LONGEST_NAME)} changes, all blocks`, "change [95 % interval]"],
    ...rows,
  ]);
}

function noiseTable(noise: readonly CellNoise[]): string {
  const titles = ["metric", "limit", "one block's noise", "found from (80 %)", "limit that would hold", ""];
  const rows = noise.map((cell) => {
    const metric = descriptorOf(cell.metric);
    const size = (value: number): string => (Number.isFinite(value) ? formatChangeSize(metric, value) : "-");
    return [
      rowName(cell),
      formatLimit(metric, cell.limit),
      size(cell.blockDeviation),
      size(cell.minimumDetectable),
      size(cell.provableLimit),
      cell.gated ? (cell.proof ? "" : "green does not wait for it") : "not gated",
    ];
  });
  return aligned([titles, ...rows]);
}

function rowName({ scenario, metric }: Pick<CellNoise, "scenario" | "metric">): string {
  const { label } = descriptorOf(metric);
  return scenario === null ? label : `${clip(visible(scenario), LONGEST_NAME)} ${label}`;
}
