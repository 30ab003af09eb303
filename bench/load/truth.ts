import { summarizeSamples } from "../../src/load/samples/summarize-samples.js";
import { quantileSorted } from "../../src/stats/quantile.js";
import { ours, row, table, WAITS_AWAKE } from "./harness.js";
import { RIVALS, type Reading, type Run } from "./rivals.js";
import { KNOWN, pointsOf, STALL, startServer, type BenchServer } from "./server.js";
import { stallTruthFor } from "./stall.js";
import { alongWays, measureWays } from "./way.js";

const QUANTILES = { p50: 0.5, p95: 0.95, p99: 0.99, p999: 0.999 } as const;
type Name = keyof typeof QUANTILES;
type Truth = Record<Name, number>;
export const NAMES = Object.keys(QUANTILES) as Name[];

/** Off by more than this share of the truth and by more than `LEAST_MS` is off. */
const SHARE = 0.05;
const FAULT_SHARE = 0.1;
const LEAST_MS = 0.1;

export function isOff(value: number | null, truth: number, share = SHARE): boolean {
  return value !== null && Math.abs(value - truth) > Math.max(LEAST_MS, truth * share);
}

export function show(value: number | null, bold: boolean): string {
  if (value === null) return "-";
  return bold ? `**${value.toFixed(2)}**` : value.toFixed(2);
}

function mapQuantiles(of: (p: number) => number): Truth {
  return Object.fromEntries(NAMES.map((name) => [name, of(QUANTILES[name])])) as Truth;
}

export function quantilesOf(sortedMs: Float64Array | number[]): Truth {
  return mapQuantiles((p) => quantileSorted(sortedMs, p));
}

/** Quantiles of a stall met at evenly spread times. */
const STALL_TRUTH: Truth = mapQuantiles((p) => {
  const stalled = STALL.lengthMs / STALL.everyMs;
  return STALL.otherwiseMs + Math.max(0, p - (1 - stalled)) * STALL.everyMs;
});

/** What a tool says, in bold where it is not the plan's value; and what it had to find, in bold where it did not. */
function rows(service: string, tool: string, said: Reading, planned: Truth, did: Truth | null): void {
  row(service, tool, ...NAMES.map((name) => show(said[name], isOff(said[name], planned[name], SHARE))));
  if (did === null) return;
  const cells = NAMES.map((name) => show(did[name], isOff(said[name], did[name], SHARE)));
  row(service, `what ${tool} met`, ...cells);
}

async function met(server: BenchServer, waysMs: Float64Array): Promise<Truth> {
  return quantilesOf(alongWays(await server.taken(), waysMs));
}

export async function truth(rate: number): Promise<void> {
  const waysMs = await measureWays(rate);
  table(`Known latencies at ${rate}/s, milliseconds`, "service", "tool", "p50", "p95", "p99", "p99.9");
  const way = quantilesOf(waysMs);
  row("no time at all", "a bare socket", ...NAMES.map((name) => show(way[name], false)));
  for (const kind of [...(Object.keys(KNOWN) as (keyof typeof KNOWN)[]), "stall"] as const) {
    const stalls = kind === "stall";
    const planned = stalls ? STALL_TRUTH : quantilesOf(pointsOf(KNOWN[kind]));
    row(kind, "the server's plan", ...NAMES.map((name) => show(planned[name], false)));
    const server = await startServer(kind);
    const seconds = stalls ? 20 : 2000 / Math.min(rate, 500);
    const run: Run = { port: server.port, rate, seconds, connections: 50 };
    const { samples, reading, health } = await ours(run, WAITS_AWAKE, () => server.taken());
    const stalled = stalls ? quantilesOf(stallTruthFor(samples, run.connections, way.p50)) : null;
    rows(kind, "Tailgate", reading, planned, stalled ?? (await met(server, waysMs)));
    console.error(kind, rate, JSON.stringify(health));
    for (const rival of RIVALS.filter(({ missing }) => missing === null)) {
      await server.taken();
      const seen = await rival.run({ ...run, seconds: seconds / 2 });
      // What a stall did to requests that waited for a connection, the server does not see.
      if (seen !== null) rows(kind, rival.name, seen, planned, stalls ? null : await met(server, waysMs));
      else if (kind === "constant") {
        const closed = await rival.run({ ...run, rate: null, seconds: 5, connections: 1 });
        rows(kind, `${rival.name} (no rate; 1 connection)`, closed!, planned, await met(server, waysMs));
      }
    }
    server.stop();
  }
}

export async function faults(): Promise<void> {
  const rate = 200;
  const waysMs = await measureWays(rate);
  table(
    `Services that answer after 5 ms and end connections, at ${rate}/s, milliseconds`,
    ...["service", "tool", "p50", "p95", "p99", "errors"],
  );
  for (const kind of ["close every connection", "reset every 20th"]) {
    const server = await startServer(kind);
    const run: Run = { port: server.port, rate, seconds: 10, connections: 10 };
    const told = (tool: string, said: Reading, did: Truth, errors: string): void => {
      const names = ["p50", "p95", "p99"] as const;
      const off = names.map((name) => isOff(said[name], did[name], FAULT_SHARE));
      row(kind, tool, ...names.map((name, i) => show(said[name], off[i]!)), errors);
      row(kind, `what ${tool} met`, ...names.map((name) => show(did[name], false)), "-");
    };
    const { samples, reading } = await ours(run, WAITS_AWAKE, () => server.taken());
    const errors = `${summarizeSamples(samples).measured.errors.connection} of ${reading.requests}`;
    told("Tailgate", reading, await met(server, waysMs), errors);
    for (const rival of RIVALS.filter(({ missing }) => missing === null)) {
      await server.taken();
      const seen = await rival.run(run);
      if (seen !== null) told(rival.name, seen, await met(server, waysMs), "-");
    }
    server.stop();
  }
}
