import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { seededRandom } from "../../src/stats/random.js";
import type { Place, Way } from "./protocol-server.js";

/*
 * The least that a client of Node can do over each protocol: no schedule, no checks, no record. It gives the way there
 * and back, whose tail is the machine's, and the price of a request without Tailgate.
 */

/** Sends one request, and resolves when its response is whole. */
type Ask = () => Promise<void>;

function opened(way: Way, { port, socketPath }: Place): Ask {
  if (way.startsWith("http1")) {
    const to = socketPath === null ? { port, host: "127.0.0.1" } : { path: socketPath };
    const socket = way === "http1 over TLS" ? connectTls({ ...to, rejectUnauthorized: false }) : connect(to);
    socket.setNoDelay(true);
    return () =>
      new Promise((resolve) => {
        socket.once("data", () => {
          resolve();
        });
        socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
      });
  }
  const scheme = way === "http2 over TLS" ? "https" : "http";
  const session = connectHttp2(`${scheme}://127.0.0.1:${port}`, { rejectUnauthorized: false });
  const headers =
    way === "grpc"
      ? { ":method": "POST", ":path": "/bench.Echo/Call", te: "trailers", "content-type": "application/grpc" }
      : { ":path": "/" };
  return () =>
    new Promise((resolve) => {
      const stream = session.request(headers, { endStream: way !== "grpc" });
      if (way === "grpc") stream.end(Buffer.alloc(5));
      stream.resume().on("end", () => {
        resolve();
      });
    });
}

const WALKED = 2000;

/** One request at a time with exponential gaps; tells the parent how long each took, ascending, milliseconds. */
export async function walkBare(way: Way, place: Place, rate: number): Promise<void> {
  const ask = opened(way, place);
  await ask();
  const random = seededRandom(1, "way");
  const waysMs = new Float64Array(WALKED);
  for (let i = 0; i < WALKED; i++) {
    await new Promise((resolve) => setTimeout(resolve, (-Math.log1p(-random()) * 1000) / rate));
    const startMs = performance.now();
    await ask();
    waysMs[i] = performance.now() - startMs;
  }
  tell(waysMs.sort());
}

/** As much as `connections` can do; tells the parent how much that was, and what a request cost. */
export async function runBare(way: Way, place: Place, connections: number, seconds: number): Promise<void> {
  const asks = Array.from({ length: connections }, () => opened(way, place));
  await Promise.all(asks.map((ask) => ask()));
  let requests = 0;
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  const untilMs = startMs + seconds * 1000;
  await Promise.all(
    asks.map(async (ask) => {
      while (performance.now() < untilMs) {
        await ask();
        requests++;
      }
    }),
  );
  const { user, system } = process.cpuUsage(cpu);
  const perSecond = (requests * 1000) / (performance.now() - startMs);
  tell({ perSecond, cpuUs: (user + system) / requests });
}

function tell(what: unknown): void {
  process.send!(what, () => process.exit(0));
}
