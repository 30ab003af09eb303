import { drawDistribution, formatLatency } from "./distribution.js";
import type { LoadValidityFailure } from "../../model/block.js";
import type { LoadReport, LoadWarning } from "./load-report.js";

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
    for (const [name, us] of rows) lines.push(`  ${name.padEnd(6)} ${formatLatency(us).padStart(9)}`);
    lines.push("");
  }
  const perResponse = json.requests > 0 ? Math.round(json.bytes / json.requests) : 0;
  lines.push(`  throughput ${json.throughputPerSecond.toFixed(1)} requests/s, ${perResponse} bytes each`);
  lines.push(
    `  errors     ${failed.length === 0 ? "none" : failed.map(([kind, count]) => `${count} ${kind}`).join(", ")}`,
  );
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
      return `1 % of the requests left ${formatLatency(distrust.latenessP99Us)} late or later: the machine is too busy for this rate, and some of the latency is its own.`;
    case "generator-starved":
      return `Half of the requests left ${formatLatency(distrust.latenessP50Us)} late or later: the load generator does not get its processor, and every latency holds some of that.`;
    case "queued-while-idle":
      return `${distrust.requests} requests waited although a connection was idle: a bug of Tailgate, please report it.`;
    case "unaccounted":
      return `Of ${distrust.sent} requests ${distrust.accounted} are accounted for: a bug of Tailgate, please report it.`;
    case "rate-missed":
      return `${distrust.wanted.toFixed(1)} requests/s were wanted and ${distrust.achieved.toFixed(1)} achieved: the machine is too busy for this rate.`;
  }
}
