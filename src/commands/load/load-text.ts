import { binEdgeUs } from "../../load/samples/histogram.js";
import { describeReason } from "../../metrics/failure-reasons.js";
import type { LoadValidityFailure } from "../../model/block.js";
import { formatDuration } from "../../text/format-quantity.js";
import type { LoadReport, LoadWarning } from "./load-report.js";

const BAR_WIDTH = 40;
/** So many of the 128 bins are drawn as one line. */
const BINS_PER_LINE = 3;

/** The report for people; the distribution only where `picture` is asked for. */
export function reportText({ json, histogram }: LoadReport, picture: boolean): string {
  const offered = json.ratePerSecond === null ? "max" : `${json.ratePerSecond}/s`;
  const failed = Object.entries(json.errors).filter(([, count]) => count > 0);
  const lines = [
    json.url,
    `${json.requests} requests at ${offered} on ${json.connections} connections in ${(json.durationMs / 1000).toFixed(2)} s`,
    "",
  ];
  if (json.latencyUs !== null) {
    const { p50, p75, p90, p95, p99, p999, max, mean } = json.latencyUs;
    const rows = Object.entries({ p50, p75, p90, p95, p99, "p99.9": p999, max, mean });
    for (const [name, us] of rows) lines.push(`  ${name.padEnd(6)} ${formatDuration(us).padStart(9)}`);
    lines.push("");
  }
  const perResponse = json.requests > 0 ? Math.round(json.bytes / json.requests) : 0;
  lines.push(`  throughput ${json.throughputPerSecond.toFixed(1)} requests/s, ${perResponse} bytes each`);
  lines.push(
    `  errors     ${failed.length === 0 ? "none" : failed.map(([kind, count]) => `${count} ${kind}`).join(", ")}`,
  );
  const width = String(Math.max(0, ...json.reasons.map(({ count }) => count))).length;
  for (const reason of json.reasons) {
    const indent = width - String(reason.count).length;
    lines.push(`${" ".repeat(13 + indent)}${describeReason(reason)}`);
  }
  if (picture && histogram.length > 0) lines.push("", ...drawDistribution(histogram));
  if (json.warnings.length > 0) lines.push("", ...json.warnings.map(({ message }) => `warning: ${message}`));
  return `${lines.join("\n")}\n`;
}

/** What the generator found wrong with itself, as a warning. */
export function warningOfFailure(distrust: LoadValidityFailure): LoadWarning {
  return { code: distrust.kind, message: sentence(distrust) };
}

function sentence(distrust: LoadValidityFailure): string {
  switch (distrust.kind) {
    case "generator-busy":
      return `The load generator was busy ${Math.round(distrust.busyShare * 100)} % of the time: some of the latency is its own. Lower the rate.`;
    case "dispatch-late":
      return `1 % of the requests left ${formatDuration(distrust.latenessP99Us)} late or later: the machine is too busy for this rate, and some of the latency is its own.`;
    case "generator-starved":
      return `Half of the requests left ${formatDuration(distrust.latenessP50Us)} late or later: the load generator does not get its processor, and every latency holds some of that.`;
    case "queued-while-idle":
      return `${distrust.requests} requests waited although a connection was idle: a bug of Tailgate, please report it.`;
    case "unaccounted":
      return `Of ${distrust.sent} requests ${distrust.accounted} are accounted for: a bug of Tailgate, please report it.`;
    case "rate-missed":
      return `${distrust.wanted.toFixed(1)} requests/s were wanted and ${distrust.achieved.toFixed(1)} achieved: the machine is too busy for this rate.`;
  }
}

/** `[bin, count]` pairs as bars, one line per range of latencies between the first and the last that occur. */
export function drawDistribution(histogram: readonly (readonly [number, number])[]): string[] {
  const counts = new Map<number, number>();
  for (const [bin, count] of histogram) {
    const line = Math.floor(bin / BINS_PER_LINE);
    counts.set(line, (counts.get(line) ?? 0) + count);
  }
  if (counts.size === 0) return [];
  const most = Math.max(...counts.values());
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const lines: string[] = [];
  for (let line = Math.min(...counts.keys()); line <= Math.max(...counts.keys()); line++) {
    const count = counts.get(line) ?? 0;
    const from = formatDuration(binEdgeUs(line * BINS_PER_LINE)).padStart(9);
    const to = formatDuration(binEdgeUs((line + 1) * BINS_PER_LINE)).padStart(9);
    // What occurred at all is seen, however rare.
    const bar = "#".repeat(count === 0 ? 0 : Math.max(1, Math.round((count / most) * BAR_WIDTH)));
    lines.push(
      `${from} - ${to} |${bar.padEnd(BAR_WIDTH)}| ${((count / total) * 100).toFixed(2).padStart(6)} %`,
    );
  }
  return lines;
}
