import { spawn } from "node:child_process";
import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { seededRandom, shuffled } from "../../src/stats/random.js";
import { awakeTimer } from "./awake-timer.js";
import { timesForParent } from "./met-times.js";

/** Latencies of the kinds of service that are known beforehand: quantile function, milliseconds. */
export const KNOWN = {
  constant: () => 5,
  "two-peaked": (p: number) => (p < 0.93 ? 2 : 20),
  "heavy tail": (p: number) => 2 * Math.exp(probit(p)),
} as const;

export const STALL = { everyMs: 5000, lengthMs: 500, otherwiseMs: 1 } as const;
/** The quantile function is sampled at this many evenly spread points, shuffled, over and over. */
const POINTS = 2000;

/** All latencies of a cycle, ascending, milliseconds: what a tool that misses none and adds none must find. */
export function pointsOf(quantile: (p: number) => number): number[] {
  return Array.from({ length: POINTS }, (_, i) => quantile((i + 0.5) / POINTS));
}

/** Quantile of the normal distribution by bisection of its erfc; exact enough for a table that is made once. */
function probit(p: number): number {
  let low = -9;
  let high = 9;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function normalCdf(z: number): number {
  // Taylor series about 0 (Marsaglia 2004); converges for all z that are used.
  let sum = z;
  let term = z;
  for (let i = 3; Math.abs(term) > 1e-17 && i < 400; i += 2) sum += term = (term * z * z) / i;
  return z < -8 ? 0 : z > 8 ? 1 : 0.5 + sum * Math.exp(-0.5 * z * z - Math.log(Math.sqrt(2 * Math.PI)));
}

export interface BenchServer {
  readonly port: number;
  /**
   * Ascending, milliseconds: how long each request that was served since the last call was with the server, from when it was
   * read to when its response was written. So how late the server's own clock was is part of it.
   */
  taken(): Promise<Float64Array>;
  stop(): void;
}

/** Starts this bundle again as a server of `kind`, on processor 1 where there is one. */
export async function startServer(kind: string): Promise<BenchServer> {
  const self = fileURLToPath(import.meta.url);
  const child = spawn("taskset", ["-c", "1", process.execPath, self, "--serve", kind], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    serialization: "advanced",
  });
  const told = <T>(): Promise<T> =>
    new Promise((resolve, reject) => {
      child.once("message", (message) => {
        resolve(message as T);
      });
      child.once("error", reject);
    });
  return {
    port: await told<number>(),
    taken: async () => {
      const times = told<Float64Array>();
      child.send("taken");
      return (await times).sort();
    },
    stop: () => child.kill("SIGKILL"),
  };
}

/** Runs a server of `kind` in this process and tells its parent the port. */
export function serve(kind: string): void {
  const taken = timesForParent();
  const at = awakeTimer();
  const behave = behaviourOf(kind);
  let index = 0;
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      const arrivedMs = performance.now();
      // Requests are short GETs: each ends with an empty line and fits into one read.
      for (let from = data.indexOf("\r\n\r\n"); from >= 0; from = data.indexOf("\r\n\r\n", from + 4)) {
        const { latencyMs, act } = behave(index++, arrivedMs);
        const respond = (): void => {
          if (socket.destroyed) return;
          if (act !== reset) taken.add(performance.now() - arrivedMs);
          act(socket);
        };
        if (latencyMs === 0) respond();
        else at(arrivedMs + latencyMs, respond);
      }
    });
  });
  server.listen(0, "127.0.0.1", () => {
    process.send!((server.address() as AddressInfo).port);
  });
}

/** No response, so no latency. */
const reset = (socket: Socket): void => void socket.resetAndDestroy();

type Behaviour = (index: number, arrivedMs: number) => { latencyMs: number; act: (socket: Socket) => void };

function behaviourOf(kind: string): Behaviour {
  const ok = responseOf(2);
  const send = (socket: Socket): void => void socket.write(ok);
  if (kind in KNOWN) {
    const quantile = KNOWN[kind as keyof typeof KNOWN];
    const latencies = shuffled(pointsOf(quantile), seededRandom(1, kind));
    return (index) => ({ latencyMs: latencies[index % POINTS]!, act: send });
  }
  if (kind === "stall") {
    return (_, arrivedMs) => {
      const into = arrivedMs % STALL.everyMs;
      const latencyMs = into < STALL.lengthMs ? STALL.lengthMs - into + STALL.otherwiseMs : STALL.otherwiseMs;
      return { latencyMs, act: send };
    };
  }
  if (kind === "close every connection") {
    return () => ({ latencyMs: 5, act: (socket) => socket.end(responseOf(2, "Connection: close\r\n")) });
  }
  if (kind === "reset every 20th") {
    return (index) => ({ latencyMs: 5, act: index % 20 === 19 ? reset : send });
  }
  const bytes = responseOf(Number(kind));
  return () => ({ latencyMs: 0, act: (socket) => void socket.write(bytes) });
}

function responseOf(bytes: number, headers = ""): Buffer {
  return Buffer.from(`HTTP/1.1 200 OK\r\n${headers}Content-Length: ${bytes}\r\n\r\n${"x".repeat(bytes)}`);
}
