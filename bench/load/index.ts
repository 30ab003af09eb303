import { readFileSync } from "node:fs";
import { cpus, freemem } from "node:os";
import { machineNoiseProbe } from "../../src/probes/machine-noise.js";
import { latenciesUs } from "../../src/load/samples/summarize-samples.js";
import { data } from "./data.js";
import { ours, phaseOf, row, table, WAITS_AWAKE, withGenerator } from "./harness.js";
import { runBare, walkBare } from "./bare-client.js";
import { pacedClient } from "./paced-client.js";
import { serveProtocol, type Kind, type Way } from "./protocol-server.js";
import { PROTOCOL_PEERS } from "./protocol-peers.js";
import { protocolCost, protocolTruth } from "./protocols.js";
import { RIVALS, type Reading, type Run } from "./rivals.js";
import { serve, startServer } from "./server.js";
import { faults, truth } from "./truth.js";
import { walk } from "./way.js";

/*
 * How true and how costly the load generator is, beside others, on the same servers in the same run:
 *   npm run bench:load -- [truth-200] [truth-1000] [faults] [cost] [limit] [memory] [data] [protocol-truth] [protocol-cost] [bodies]
 * Generators run on processor 0, the server on processor 1. Prints Markdown tables.
 */

async function cost(
  bodies: readonly number[],
  rates: readonly (number | null)[],
  title: string,
): Promise<void> {
  const tools = [...RIVALS.filter(({ missing }) => missing === null), pacedClient];
  table(
    title,
    "body",
    "rate",
    "tool",
    "requests/s",
    "CPU us a request",
    "to autocannon",
    "to its paced client",
  );
  for (const bytes of bodies) {
    for (const rate of rates) {
      const server = await startServer(String(bytes));
      const run: Run = { port: server.port, rate, seconds: 5, connections: 10 };
      const readings: [string, Reading][] = [["Tailgate", (await ours(run)).reading]];
      for (const tool of tools) {
        const seen = await tool.run(run);
        if (seen !== null) readings.push([tool.name, seen]);
      }
      server.stop();
      const costOf = (wanted: string): number | undefined =>
        readings.find(([name]) => name === wanted)?.[1].cpuUsPerRequest;
      const [plain, paced] = [costOf("autocannon"), costOf(pacedClient.name)];
      const ratio = (us: number, to: number | undefined): string =>
        to === undefined ? "-" : (us / to).toFixed(2);
      for (const [name, { perSecond, cpuUsPerRequest: us }] of readings) {
        row(
          ...[`${bytes} B`, rate ?? "max", name, perSecond.toFixed(0), us.toFixed(1)],
          ...[ratio(us, plain), ratio(us, paced)],
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
    for (const awake of rate < 1000 ? [false] : [true, false]) {
      const server = await startServer("2");
      const { reading, health } = await ours({ port: server.port, rate, seconds: 3, connections: 50 }, awake);
      row(
        ...[rate, awake ? "awake" : "timers", (health.latenessP99Us / 1000).toFixed(2)],
        ...[`${(health.busyShare * 100).toFixed(0)} %`, reading.p50?.toFixed(3) ?? "-"],
        reading.cpuUsPerRequest.toFixed(1),
      );
      server.stop();
    }
  }
}

async function memory(): Promise<void> {
  table("Memory of the generator process", "loop", "samples", "before, MB", "highest, MB");
  for (const rate of [null, 40_000]) {
    const server = await startServer("2");
    await withGenerator(WAITS_AWAKE, async (generator) => {
      const residentMb = (name: string): string => {
        const status = readFileSync(`/proc/${generator.pid}/status`, "utf8");
        return (Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)![1]) / 1024).toFixed(0);
      };
      const warm: Run = { port: server.port, rate: null, seconds: 120, connections: 10 };
      await generator.run({ ...phaseOf(warm), requests: 10_000 });
      const before = residentMb("VmRSS");
      const { arms } = await generator.run({ ...phaseOf({ ...warm, rate }), requests: 1_000_000 });
      const loop = rate === null ? "closed" : `open, ${rate}/s`;
      row(loop, latenciesUs(arms[0]!).length, before, residentMb("VmHWM"));
    });
    server.stop();
  }
}

const SECTIONS: Readonly<Record<string, () => Promise<void>>> = {
  "truth-200": () => truth(200),
  "truth-1000": () => truth(1000),
  faults,
  cost: () => cost([2], [1000, 10_000, null], "Cost"),
  limit,
  memory,
  "protocol-truth": protocolTruth,
  "protocol-cost": protocolCost,
  data,
  bodies: () => cost([1000, 100_000, 1_000_000], [null], "Body sizes, as much as it can"),
};

const [first, second, third] = process.argv.slice(2);
if (first === "--serve") {
  serve(second!);
} else if (first === "--way") {
  await walk(Number(second), Number(third));
} else if (first === "--serve-protocol") {
  serveProtocol(second as Way, third as Kind);
} else if (first === "--walk-bare" || first === "--run-bare") {
  const [port, path, ...numbers] = process.argv.slice(4);
  const place = { port: Number(port), socketPath: path === "" ? null : path! };
  const [one, other] = numbers.map(Number) as [number, number];
  if (first === "--walk-bare") await walkBare(second as Way, place, one);
  else await runBare(second as Way, place, one, other);
} else {
  const { model } = cpus()[0]!;
  console.log(
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} x ${model}, ${Math.round(freemem() / 1e9)} GB free, Node ${process.version}`,
  );
  for (const { missing } of [...RIVALS, ...PROTOCOL_PEERS])
    if (missing !== null) console.log(`Left out: ${missing}.`);
  const wanted = process.argv.slice(2);
  for (const [name, section] of Object.entries(SECTIONS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const noise = await machineNoiseProbe(() => performance.now()).start();
    await section();
    const { stealShare, cpuPressureShare } = await noise();
    const percent = (share: number | null): string => (share === null ? "?" : (share * 100).toFixed(1));
    console.log(
      `\nMeanwhile the hypervisor took ${percent(stealShare)} % of the processors' time, and some process waited for a processor ${percent(cpuPressureShare)} % of the time.`,
    );
  }
}
