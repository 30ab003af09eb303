import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Phase } from "../../src/load/phase.js";
import { summarizeSamples } from "../../src/load/samples/summarize-samples.js";
import { row, table, WAITS_AWAKE, withGenerator } from "./harness.js";
import { WAYS, type Kind, type Place, type Way } from "./protocol-server.js";
import { KNOWN } from "./server.js";
import { PROTOCOL_PEERS, type ClientCost } from "./protocol-peers.js";
import { isOff, NAMES, quantilesOf, show } from "./truth.js";
import { alongWays } from "./way.js";

/*
 * Every protocol against the truth and against the least that a client of Node can do, as for HTTP/1.1: the generator
 * on processor 0, the server on processor 1.
 */

const RATE = 500;
const REQUESTS = 3000;
/** After so many, the code of both sides is compiled. */
const WARM_UP_REQUESTS = 3000;
const CONNECTIONS = 10;
const SECONDS = 3;

interface Server {
  readonly place: Place;
  taken(): Promise<Float64Array>;
  stop(): void;
}

function child(processor: number, ...args: readonly string[]): ChildProcess {
  const self = fileURLToPath(import.meta.url);
  return spawn("taskset", ["-c", String(processor), process.execPath, self, ...args], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    serialization: "advanced",
  });
}

async function toldBy<T>(process: ChildProcess): Promise<T> {
  const [message] = (await once(process, "message")) as [T];
  return message;
}

async function startServer(way: Way, kind: Kind): Promise<Server> {
  const process = child(1, "--serve-protocol", way, kind);
  const place = await toldBy<Place>(process);
  return {
    place,
    async taken() {
      const times = toldBy<Float64Array>(process);
      process.send("taken");
      return (await times).sort();
    },
    stop() {
      process.kill("SIGKILL");
      if (place.socketPath !== null) rmSync(place.socketPath, { force: true });
    },
  };
}

async function bare<T>(
  what: string,
  way: Way,
  { port, socketPath }: Place,
  ...numbers: number[]
): Promise<T> {
  return toldBy<T>(child(0, what, way, String(port), socketPath ?? "", ...numbers.map(String)));
}

function phaseOf(way: Way, { port, socketPath }: Place, requests: number, rate: number | null): Phase {
  const protocol = way === "grpc" ? "grpc" : way.startsWith("http2") ? "http2" : "http1";
  const path = protocol === "grpc" ? "/bench.Echo/Call" : "/";
  const status = protocol === "grpc" ? [0] : [];
  const common = {
    profile: {
      protocol,
      requests: [{ method: "GET", path, headers: {}, body: null, capture: {} }],
      expect: { status, contains: null, bytes: null },
      connections: rate === null ? CONNECTIONS : 50,
      connection: "keep-alive",
      timeoutMs: 10_000,
    },
    targets: [{ arm: "bench", host: "127.0.0.1", port, socketPath, tls: way.endsWith("TLS") }],
    burstMs: 60_000,
    turns: [[0]],
  } as const;
  return rate === null
    ? { ...common, loop: "closed", requests, maximumMs: SECONDS * 1000 }
    : { ...common, loop: "open", requests, ratePerSecond: rate, seed: 1 };
}

/** Known latencies over each protocol: what Tailgate says, and what it met. */
export async function protocolTruth(): Promise<void> {
  const columns = ["service", "p50", "p95", "p99", "p99.9"];
  table(`Known latencies over each protocol at ${RATE}/s, milliseconds`, "protocol", ...columns);
  for (const way of WAYS) {
    const none = await startServer(way, "none");
    const waysMs = await bare<Float64Array>("--walk-bare", way, none.place, RATE);
    none.stop();
    row(way, "no time at all, a bare client", ...NAMES.map((name) => show(quantilesOf(waysMs)[name], false)));
    for (const kind of Object.keys(KNOWN) as (keyof typeof KNOWN)[]) {
      const server = await startServer(way, kind);
      const said = await withGenerator(WAITS_AWAKE, async (generator) => {
        await generator.run(phaseOf(way, server.place, WARM_UP_REQUESTS, RATE * 2));
        await server.taken();
        const { arms } = await generator.run(phaseOf(way, server.place, REQUESTS, RATE));
        const { latencyUs } = summarizeSamples(arms[0]!).measured;
        const { p50, p95, p99, p999 } = latencyUs!;
        return { p50: p50 / 1000, p95: p95 / 1000, p99: p99 / 1000, p999: p999 / 1000 };
      });
      const met = quantilesOf(alongWays(await server.taken(), waysMs));
      row(way, `${kind}, Tailgate`, ...NAMES.map((name) => show(said[name], isOff(said[name], met[name]))));
      row(way, `${kind}, what it met`, ...NAMES.map((name) => show(met[name], false)));
      server.stop();
    }
  }
}

/** As much as Tailgate, a bare client of Node and others' clients can do over each protocol, and what a request costs. */
export async function protocolCost(): Promise<void> {
  table("Cost of each protocol", "protocol", "client", "requests/s", "CPU us a request", "Tailgate's to it");
  for (const way of WAYS) {
    const server = await startServer(way, "none");
    const own = await withGenerator(WAITS_AWAKE, async (generator): Promise<ClientCost> => {
      await generator.run(phaseOf(way, server.place, 2000, null));
      const { arms, health } = await generator.run(phaseOf(way, server.place, 1_000_000, null));
      const { servedPerSecond, measured } = summarizeSamples(arms[0]!);
      return { perSecond: servedPerSecond, cpuUs: health.cpuUs / measured.requests };
    });
    const others: [string, ClientCost][] = [
      ["a bare client", await bare<ClientCost>("--run-bare", way, server.place, CONNECTIONS, SECONDS)],
    ];
    for (const peer of PROTOCOL_PEERS) {
      if (peer.missing !== null || !peer.ways.includes(way)) continue;
      others.push([peer.name, await peer.run(way, server.place, CONNECTIONS, SECONDS)]);
    }
    for (const [name, { perSecond, cpuUs }] of [["Tailgate", own] as const, ...others]) {
      row(way, name, perSecond.toFixed(0), cpuUs.toFixed(1), (own.cpuUs / cpuUs).toFixed(2));
    }
    server.stop();
  }
}
