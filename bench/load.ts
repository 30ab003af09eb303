import { cpus, freemem } from "node:os";
import { readFileSync } from "node:fs";
import { startGenerator } from "../src/load/generator.js";
import { latenciesUs, observe } from "../src/load/observe.js";
import type { ArmSamples, LoadGenerator, Phase } from "../src/load/profile.js";
import { quantileSorted } from "../src/stats/quantile.js";
import { generatorEntry } from "../test/load/support/entry.js";
import { KNOWN, STALL, serve, startServer } from "./load-server.js";
import { RIVALS, type Reading, type Run } from "./load-rivals.js";

/*
 * How true and how costly the load generator is, beside others, on the same servers in the same run:
 *   npm run bench:load -- [truth] [faults] [cost] [limit] [memory] [bodies]
 * Generators run on processor 0, the server on processor 1. Prints Markdown tables.
 */

const QUANTILES = { p50: 0.5, p95: 0.95, p99: 0.99, p999: 0.999 } as const;
type Truth = Record<keyof typeof QUANTILES, number>;

function row(...cells: readonly (string | number)[]): void {
  console.log(`| ${cells.join(" | ")} |`);
}

function table(title: string, ...columns: readonly string[]): void {
  console.log(`\n${title}\n`);
  row(...columns);
  row(...columns.map((_, i) => (i === 0 ? "---" : "---:")));
}

function phaseOf(
  { port, rate, seconds, connections }: Run,
  requests = Math.round((rate ?? 0) * seconds),
): Phase {
  const common = {
    profile: {
      requests: [{ method: "GET", path: "/", headers: {}, body: null, capture: {} }],
      expect: { status: [], contains: null, bytes: null },
      connections,
      connection: "keep-alive" as const,
      timeoutMs: 10_000,
    },
    targets: [{ arm: "bench", host: "127.0.0.1", port, tls: false }],
    burstMs: 60_000,
    turns: [[0]],
  };
  return rate === null
    ? { ...common, loop: "closed", requests: 2_000_000, maximumMs: seconds * 1000 }
    : { ...common, loop: "open", requests, ratePerSecond: rate, seed: 1 };
}

async function withGenerator<T>(
  processors: string | null,
  use: (generator: LoadGenerator) => Promise<T>,
): Promise<T> {
  const generator = await startGenerator({ processors, entry: await generatorEntry() });
  try {
    return await use(generator);
  } finally {
    await generator.disconnect();
    await generator.stop();
  }
}

async function ours(
  run: Run,
  processors: string | null = "0",
): Promise<{ samples: ArmSamples; reading: Reading; health: string }> {
  return withGenerator(processors, async (generator) => {
    await generator.run({ ...phaseOf({ ...run, rate: null, seconds: 1 }), requests: 10 * run.connections });
    const { arms, health } = await generator.run(phaseOf(run));
    const { latencyUs, servedPerSecond, requests, errors } = observe(arms[0]!);
    const ms = (us: number | undefined): number | null => (us === undefined ? null : us / 1000);
    return {
      samples: arms[0]!,
      reading: {
        p50: ms(latencyUs?.p50),
        p95: ms(latencyUs?.p95),
        p99: ms(latencyUs?.p99),
        p999: ms(latencyUs?.p999),
        perSecond: servedPerSecond,
        requests,
        cpuUsPerRequest: health.cpuUs / requests,
      },
      health: `busy ${(health.busyShare * 100).toFixed(0)} %, lateness p99 ${(health.latenessP99Us / 1000).toFixed(2)} ms, errors ${JSON.stringify(errors)}`,
    };
  });
}

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

async function truth(): Promise<void> {
  const kinds = [...(Object.keys(KNOWN) as (keyof typeof KNOWN)[]), "stall"] as const;
  for (const rate of [200, 1000]) {
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
      const known = kind === "stall" ? STALL_TRUTH : mapQuantiles(KNOWN[kind]);
      row(kind, "truth", ...Object.values(known).map((ms) => ms.toFixed(2)));
      const server = await startServer(kind);
      const run: Run = { port: server.port, rate, seconds: kind === "stall" ? 20 : 10, connections: 50 };
      const { samples, reading, health } = await ours(run);
      const mine = kind === "stall" ? stallTruthFor(samples) : known;
      if (kind === "stall")
        row(kind, "truth of Tailgate's arrivals", ...Object.values(mine).map((ms) => ms.toFixed(2)));
      readingRow(kind, "Tailgate", reading, mine);
      console.error(kind, rate, health);
      for (const rival of RIVALS.filter(({ missing }) => missing === null)) {
        const seen = await rival.run(run);
        if (seen !== null) readingRow(kind, rival.name, seen, known);
        else if (rate === 200) {
          const closed = await rival.run({ ...run, rate: null, connections: 1 });
          readingRow(kind, `${rival.name} (no rate; 1 connection)`, closed!, known);
        }
      }
      server.stop();
    }
  }
}

function readingRow(kind: string, name: string, reading: Reading, known: Truth): void {
  row(kind, name, ...(Object.keys(QUANTILES) as (keyof Truth)[]).map((q) => against(reading[q], known[q])));
}

async function faults(): Promise<void> {
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

async function cost(
  bodies: readonly number[],
  rates: readonly (number | null)[],
  title: string,
): Promise<void> {
  table(title, "body", "rate", "tool", "requests/s", "CPU us a request", "to autocannon");
  for (const bytes of bodies) {
    for (const rate of rates) {
      const server = await startServer(String(bytes));
      const run: Run = { port: server.port, rate, seconds: 5, connections: 10 };
      const readings: [string, Reading][] = [
        ["Tailgate, asleep between arrivals", (await ours(run, null)).reading],
      ];
      if (rate !== null) readings.push(["Tailgate, awake on its own processor", (await ours(run)).reading]);
      for (const rival of RIVALS.filter(({ missing }) => missing === null)) {
        const seen = await rival.run(run);
        if (seen !== null) readings.push([rival.name, seen]);
      }
      server.stop();
      const plain = readings.find(([name]) => name === "autocannon")![1].cpuUsPerRequest;
      for (const [name, { perSecond, cpuUsPerRequest }] of readings) {
        row(
          `${bytes} B`,
          rate ?? "max",
          name,
          perSecond.toFixed(0),
          cpuUsPerRequest.toFixed(1),
          (cpuUsPerRequest / plain).toFixed(2),
        );
      }
    }
  }
}

async function limit(): Promise<void> {
  table("Dispatch lateness by rate", "rate", "lateness and use", "p50 ms");
  for (const rate of [1000, 5000, 10_000, 20_000, 30_000, 40_000, 60_000]) {
    const server = await startServer("2");
    const { reading, health } = await ours({ port: server.port, rate, seconds: 3, connections: 50 });
    row(rate, health, reading.p50?.toFixed(3) ?? "-");
    server.stop();
  }
}

async function memory(): Promise<void> {
  table("Memory of the generator process", "samples", "before, MB", "highest, MB");
  const server = await startServer("2");
  await withGenerator("0", async (generator) => {
    const resident = (name: string): number =>
      Number(
        new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${generator.pid}/status`, "utf8"))![1],
      ) / 1024;
    const run: Run = { port: server.port, rate: null, seconds: 120, connections: 10 };
    await generator.run({ ...phaseOf(run), requests: 10_000 });
    const before = resident("VmRSS");
    const { arms } = await generator.run({ ...phaseOf(run), requests: 1_000_000 });
    row(latenciesUs(arms[0]!).length, before.toFixed(0), resident("VmHWM").toFixed(0));
  });
  server.stop();
}

const SECTIONS: Readonly<Record<string, () => Promise<void>>> = {
  truth,
  faults,
  cost: () => cost([2], [1000, 10_000, null], "Cost"),
  limit,
  memory,
  bodies: () => cost([1000, 100_000, 1_000_000], [null], "Body sizes, as much as it can"),
};

const [first, second] = process.argv.slice(2);
if (first === "--serve") {
  serve(second!);
} else {
  const { model } = cpus()[0]!;
  console.log(
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} x ${model}, ${Math.round(freemem() / 1e9)} GB free, Node ${process.version}`,
  );
  for (const { missing } of RIVALS) if (missing !== null) console.log(`Left out: ${missing}.`);
  const wanted = process.argv.slice(2);
  for (const [name, section] of Object.entries(SECTIONS)) {
    if (wanted.length === 0 || wanted.includes(name)) await section();
  }
}
