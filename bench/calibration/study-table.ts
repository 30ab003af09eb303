import type { Calibration } from "../../src/calibration/calibration.js";
import type { Rates } from "../../src/calibration/rates.js";
import { formatDuration, formatPercent, formatSignedPercent } from "../../src/text/format-quantity.js";

/** One service at one load, unchanged and with changes of a known size. */
export interface Studied {
  readonly subject: string;
  /** `auto`, or the share of the throughput in blocks that was wanted. */
  readonly name: string;
  readonly ratePerSecond: number;
  /** With all connections busy, in blocks: the process is warmer there than in the pilot. */
  readonly throughputPerSecond: number;
  /** At that rate, of an arm in a block. */
  readonly requests: number;
  readonly calibration: Calibration;
  /** Unchanged code, where green waits for p90 within 10 % and p95 within 15 %. */
  readonly provedTails: Rates | null;
}

/** Throughput is what a closed loop reads: with so many connections its mean latency is connections over throughput. */
const METRICS = ["p50", "p90", "p95", "p99", "throughput", "cpu"] as const;
const TAILS = ["p90", "p95"] as const;

/** What each load costs: the noise of a block, and then the runs of unchanged and of slower code. */
export function studyTables(studies: readonly Studied[]): string {
  const changes = [
    ...new Set(studies.flatMap(({ calibration }) => calibration.changes.map(({ name }) => name))),
  ];
  return [
    noiseTable(studies),
    unchangedTable(studies),
    ...changes.map((name) => changeTable(studies, name)),
  ].join("\n\n");
}

function noiseTable(studies: readonly Studied[]): string {
  const rows = studies.map(({ subject, name, ratePerSecond, throughputPerSecond, requests, calibration }) => {
    const of = (metric: string, figure: "blockDeviation" | "provableLimit"): string => {
      const cell = calibration.noise.find((one) => one.metric === metric);
      return cell === undefined ? "" : formatPercent(cell[figure]);
    };
    const share = formatPercent(ratePerSecond / throughputPerSecond);
    return [
      ...[subject, name, Math.round(ratePerSecond), share, requests],
      ...METRICS.map((metric) => of(metric, "blockDeviation")),
      ...TAILS.map((metric) => of(metric, "provableLimit")),
    ];
  });
  const names = METRICS.map((metric) => `${metric}, one block`);
  const limits = TAILS.map((metric) => `limit that would hold, ${metric}`);
  return table(
    ["noise of", "load", "requests/s", "of throughput in blocks", "requests", ...names, ...limits],
    rows,
  );
}

function unchangedTable(studies: readonly Studied[]): string {
  const rows = studies.map(({ subject, name, calibration, provedTails }) => [
    ...[subject, name],
    ...found(calibration.unchanged.resampled),
    ...found(provedTails).slice(1),
  ]);
  const tails = ["green, tails too", "blocks", "median time"];
  return table(["unchanged", "load", "red", "green", "blocks", "median time", ...tails], rows);
}

function changeTable(studies: readonly Studied[], code: string): string {
  const rows = studies.map(({ subject, name, calibration }) => {
    const change = calibration.changes.find((one) => one.name === code);
    const moved = METRICS.map((metric) => {
      const size = change?.size.find((one) => one.metric === metric);
      return size === undefined ? "" : formatSignedPercent(size.change);
    });
    return [subject, name, ...moved, ...found(change?.resampled ?? null)];
  });
  return table([code, "load", ...METRICS, "red", "green", "blocks", "median time"], rows);
}

/** Red, green, blocks and time of resampled runs. */
function found(rates: Rates | null): readonly string[] {
  if (rates === null) return ["", "", "", ""];
  const { failed, passed, blocks, measuringMs } = rates;
  return [
    formatPercent(failed.share),
    formatPercent(passed.share),
    blocks.toFixed(1),
    formatDuration(measuringMs * 1000),
  ];
}

function table(heading: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lines = [heading, ["---", ...heading.slice(1).map(() => "---:")], ...rows];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}
