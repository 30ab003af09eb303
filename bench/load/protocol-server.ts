import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { seededRandom, shuffled } from "../../src/stats/random.js";
import { awakeTimer } from "./awake-timer.js";
import { answerHttp2 } from "./http2-frames.js";
import { KNOWN, pointsOf } from "./server.js";
import { timesForParent } from "./met-times.js";

/** What is measured beside HTTP/1.1 over TCP. */
export const WAYS = [
  "http1 over TLS",
  "http1 over a socket file",
  "http2",
  "http2 over TLS",
  "grpc",
] as const;
export type Way = (typeof WAYS)[number];

/** Latencies of these kinds are known; `none`: it responds at once. */
export type Kind = keyof typeof KNOWN | "none";

export interface Place {
  readonly port: number;
  readonly socketPath: string | null;
}

const RESPONSE = Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

/** Serves `kind` over `way` in this process, tells its parent where, and how long each request was with it when asked. */
export function serveProtocol(way: Way, kind: Kind): void {
  const taken = timesForParent();
  const at = awakeTimer();
  const points = kind === "none" ? null : shuffled(pointsOf(KNOWN[kind]), seededRandom(1, kind));
  let index = 0;
  const asked = (respond: () => void): void => {
    const arrivedMs = performance.now();
    const act = (): void => {
      taken.add(performance.now() - arrivedMs);
      respond();
    };
    if (points === null) act();
    else at(arrivedMs + points[index++ % points.length]!, act);
  };

  const onSocket = (socket: Socket): void => {
    socket.setNoDelay(true).on("error", () => undefined);
    socket.on("data", (data) => {
      // Requests are short GETs: each ends with an empty line and fits into one read.
      for (let from = data.indexOf("\r\n\r\n"); from >= 0; from = data.indexOf("\r\n\r\n", from + 4)) {
        asked(() => {
          if (!socket.destroyed) socket.write(RESPONSE);
        });
      }
    });
  };
  const onHttp2 = (socket: Socket): void => {
    socket.setNoDelay(true).on("error", () => undefined);
    answerHttp2(socket, way === "grpc", asked);
  };

  const server = {
    "http1 over TLS": () => createTlsServer(certificate(), onSocket),
    "http1 over a socket file": () => createServer(onSocket),
    http2: () => createServer(onHttp2),
    "http2 over TLS": () => createTlsServer({ ...certificate(), ALPNProtocols: ["h2"] }, onHttp2),
    grpc: () => createServer(onHttp2),
  }[way]();
  const socketPath =
    way === "http1 over a socket file" ? join(tmpdir(), `tailgate-bench-${process.pid}.sock`) : null;
  server.listen(socketPath ?? { port: 0, host: "127.0.0.1" }, () => {
    const port = socketPath === null ? (server.address() as AddressInfo).port : 0;
    process.send!({ port, socketPath } satisfies Place);
  });
}

function certificate(): { key: Buffer; cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), "tailgate-bench-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"];
  const files = ["-subj", "/CN=localhost", "-keyout", key, "-out", cert];
  execFileSync("openssl", ["req", "-x509", ...kind, ...files], { stdio: "ignore" });
  const made = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(folder, { recursive: true });
  return made;
}
