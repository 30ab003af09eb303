import { observe } from "../src/load/observe.js";
import type { ArmSamples } from "../src/load/profile.js";
import { quantileSorted } from "../src/stats/quantile.js";
import { ours, row, table } from "./load-harness.js";
import { RIVALS, type Reading, type Run } from "./load-rivals.js";
import { KNOWN, pointsOf, STALL, startServer } from "./load-server.js";

const QUANTILES = { p50: 0.5, p95: 0.95, p99: 0.99, p999: 0.999 } as const;
type Truth = Record<keyof typeof QUANTILES, number>;

/** A measured value against the truth: in bold where it is off by more than 5 % and 0.1 ms. */
function against(value: number | null, truth: number): string {
  if (value === null) return "-";
  const off = Math.abs(value - truth) > Math.max(0.1, truth * 0.05);
  return off ? `**${value.toFixed(2)}**` : value.toFixed(2);
}

/** Quantiles of a stall met at evenly spread times. */
const STALL_TRUTH: Truth = mapQuantiles((p) => {
  const stalled = STALL.lengthMs / STALL.everyMs;
  return STALL.otherwiseMs + Math.max(0, p - (1 - stalled)) * STALL.everyMs;
});

function mapQuantiles(of: (p: number) => number): Truth {
  return Object.fromEntries(Object.entries(QUANTILES).map(([name, p]) => [name, of(p)])) as Truth;
}

/**
 * What the stalls did to exactly these arrivals: random arrivals meet them with a scatter of their own. Where the
 * stalls lie is found from the longest wait, whose answer came when its stall ended.
 */
function stallTruthFor(samples: ArmSamples): Truth {
  const { intendedUs, doneUs } = samples;
  let longest = 0;
  for (let i = 0; i < doneUs.length; i++) {
    if (doneUs[i]! - intendedUs[i]! > doneUs[longest]! - intendedUs[longest]!) longest = i;
  }
  const endMs = doneUs[longest]! / 1000 - STALL.otherwiseMs;
  const waits = intendedUs.map((us) => {
    const before = (((endMs - us / 1000) % STALL.everyMs) + STALL.everyMs) % STALL.everyMs;
    return STALL.otherwiseMs + (before <= STALL.lengthMs ? before : 0);
  });
  waits.sort();
  return mapQuantiles((p) => quantileSorted(waits, p));
}

export async function truth(rate: number): Promise<void> {
  const kinds = [...(Object.keys(KNOWN) as (keyof typeof KNOWN)[]), "stall"] as const;
  table(
    `Known latencies at ${rate}/s, milliseconds (bold: off by more than 5 % and 0.1 ms)`,
    "service",
    "tool",
    "p50",
    "p95",
    "p99",
    "p99.9",
  );
  for (const kind of kinds) {
    const known =
      kind === "stall" ? STALL_TRUTH : mapQuantiles((p) => quantileSorted(pointsOf(KNOWN[kind]), p));
    row(kind, "truth", ...Object.values(known).map((ms) => ms.toFixed(2)));
    const server = await startServer(kind);
    const seconds = kind === "stall" ? 20 : 2000 / Math.min(rate, 500);
    const run: Run = { port: server.port, rate, seconds, connections: 50 };
    const { samples, reading, health } = await ours(run);
    const mine = kind === "stall" ? stallTruthFor(samples) : known;
    if (kind === "stall")
      row(kind, "truth of Tailgate's arrivals", ...Object.values(mine).map((ms) => ms.toFixed(2)));
    readingRow(kind, "Tailgate", reading, mine);
    console.error(kind, rate, JSON.stringify(health));
    for (const rival of RIVALS.filter(({ missing }) => missing === null)) {
      const seen = await rival.run({ ...run, seconds: seconds / 2 });
      if (seen !== null) readingRow(kind, rival.name, seen, known);
      else if (kind === "constant") {
        const closed = await rival.run({ ...run, rate: null, seconds: 5, connections: 1 });
        readingRow(kind, `${rival.name} (no rate; 1 connection)`, closed!, known);
      }
    }
    server.stop();
  }
}

function readingRow(kind: string, name: string, reading: Reading, known: Truth): void {
  row(kind, name, ...(Object.keys(QUANTILES) as (keyof Truth)[]).map((q) => against(reading[q], known[q])));
}

export async function faults(): Promise<void> {
  table(
    "Services that answer after 5 ms and end connections, at 200/s, milliseconds",
    "service",
    "tool",
    "p50",
    "p95",
    "p99",
    "errors",
  );
  for (const kind of ["close every connection", "reset every 20th"]) {
    const server = await startServer(kind);
    const run: Run = { port: server.port, rate: 200, seconds: 10, connections: 10 };
    const { samples, reading } = await ours(run);
    const { errors } = observe(samples);
    const show = (value: number | null): string => (value === null ? "-" : value.toFixed(2));
    row(
      kind,
      "Tailgate",
      show(reading.p50),
      show(reading.p95),
      show(reading.p99),
      `${errors.connection} of ${reading.requests}`,
    );
    for (const rival of RIVALS.filter(({ missing }) => missing === null)) {
      const seen = await rival.run(run);
      if (seen !== null) row(kind, rival.name, show(seen.p50), show(seen.p95), show(seen.p99), "-");
    }
    server.stop();
  }
}
