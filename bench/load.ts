import { readFileSync } from "node:fs";
import { cpus, freemem } from "node:os";
import { latenciesUs } from "../src/load/observe.js";
import { ours, phaseOf, row, table, withGenerator } from "./load-harness.js";
import { RIVALS, type Reading, type Run } from "./load-rivals.js";
import { serve, startServer } from "./load-server.js";
import { faults, truth } from "./load-truth.js";

/*
 * How true and how costly the load generator is, beside others, on the same servers in the same run:
 *   npm run bench:load -- [truth-200] [truth-1000] [faults] [cost] [limit] [memory] [bodies]
 * Generators run on processor 0, the server on processor 1. Prints Markdown tables.
 */

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
  table(
    "Lateness by rate, 50 connections",
    "rate",
    "waiting",
    "lateness p99 ms",
    "busy",
    "p50 ms",
    "CPU us a request",
  );
  for (const rate of [200, 1000, 5000, 10_000, 20_000, 30_000, 40_000]) {
    for (const processors of ["0", null]) {
      const server = await startServer("2");
      const { reading, health } = await ours(
        { port: server.port, rate, seconds: 3, connections: 50 },
        processors,
      );
      row(
        ...[
          rate,
          processors === null || rate < 1000 ? "timers" : "awake",
          (health.latenessP99Us / 1000).toFixed(2),
        ],
        ...[`${(health.busyShare * 100).toFixed(0)} %`, reading.p50?.toFixed(3) ?? "-"],
        reading.cpuUsPerRequest.toFixed(1),
      );
      server.stop();
    }
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
  "truth-200": () => truth(200),
  "truth-1000": () => truth(1000),
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
