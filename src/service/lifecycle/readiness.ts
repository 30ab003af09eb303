import { request } from "node:http";
import { connect, type Socket } from "node:net";

/** What a probe found. */
export type ProbeResponse =
  | { readonly kind: "status"; readonly host: string; readonly status: number }
  | { readonly kind: "refused" }
  /** The connection stands, but no response came in time, or none that is HTTP. */
  | { readonly kind: "no-response"; readonly host: string; readonly reason: string };

/** IPv4 first: where a service listens on both, the load goes there. */
const LOOPBACK = ["127.0.0.1", "::1"] as const;

/** Asks the path once, on whichever loopback address takes the connection. */
export async function probe(port: number, path: string, timeoutMs: number): Promise<ProbeResponse> {
  for (const host of LOOPBACK) {
    const socket = await connected(host, port);
    if (socket !== null) return ask(socket, host, path, timeoutMs);
  }
  return { kind: "refused" };
}

/** `null` where nothing takes the connection: the kernel says so at once, and the service never hears of it. */
async function connected(host: string, port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once("connect", () => {
      resolve(socket);
    });
    socket.once("error", () => {
      resolve(null);
    });
  });
}

async function ask(socket: Socket, host: string, path: string, timeoutMs: number): Promise<ProbeResponse> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve({ kind: "no-response", host, reason: `no response within ${Math.round(timeoutMs)} ms` });
      call.destroy();
    }, timeoutMs);
    const call = request(
      {
        host,
        path,
        createConnection: () => socket,
        headers: {
          host: `localhost:${socket.remotePort ?? 0}`,
          connection: "close",
          "user-agent": "tailgate",
        },
      },
      (response) => {
        clearTimeout(timer);
        resolve({ kind: "status", host, status: response.statusCode ?? 0 });
        response.destroy(); // The status is enough; the body may be endless.
      },
    );
    call.on("error", (error) => {
      clearTimeout(timer);
      resolve({ kind: "no-response", host, reason: error.message });
    });
    call.end();
  });
}

/**
 * Whether a status means ready: one of those given; without any, success where a path was named for it, and any
 * status below 500 where `/` is asked.
 */
export function isReadyStatus(status: number, accepted: readonly number[], named: boolean): boolean {
  if (accepted.length > 0) return accepted.includes(status);
  return status >= 200 && status < (named ? 400 : 500);
}
