import {
  UnsendableRequest,
  type Connection,
  type ConnectionListener,
  type Driver,
  type DriverAbilities,
} from "../../../src/load/driver.js";
import { ResponseReader } from "../../../src/load/connections/response-reader.js";

/** What the service in memory does with a request: a response after some time, or the end of its connection. */
export type MemoryService = (
  path: string,
) =>
  | { readonly latencyMs: number; readonly status?: number; readonly body?: string }
  | { readonly lostAfterMs: number };

const ALL: DriverAbilities = { tls: false, connections: ["keep-alive", "new"], sequences: true };

/** A driver without sockets, whose latencies are known; the message of a request is its path. */
export function memoryDriver(service: MemoryService, abilities = ALL): Driver<string> {
  return {
    protocol: "http1",
    abilities,
    checkRequest: () => undefined,
    clientOf: () => ({
      encode: ({ path }) => {
        if (path.includes("unsendable")) throw new UnsendableRequest();
        return path;
      },
      connect: (listener) => new MemoryConnection(service, listener),
    }),
  };
}

class MemoryConnection implements Connection<string> {
  readonly #service: MemoryService;
  readonly #listener: ConnectionListener;
  readonly #reader = new ResponseReader();
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(service: MemoryService, listener: ConnectionListener) {
    this.#service = service;
    this.#listener = listener;
    this.#after(0, () => {
      listener.opened();
    });
  }

  send(request: Parameters<Connection<string>["send"]>[0]): void {
    const plan = this.#service(request.message);
    if ("lostAfterMs" in plan) {
      this.#after(plan.lostAfterMs, (atUs) => {
        this.#listener.lost({ outcome: "connection", reason: "it is gone", atUs, opened: true });
      });
      return;
    }
    const { latencyMs, status = 200, body = "" } = plan;
    this.#reader.expect(request);
    this.#after(latencyMs, (atUs) => {
      this.#reader.begin(status, []);
      this.#reader.addBody(Buffer.from(body));
      this.#listener.responded(this.#reader.complete(true), atUs);
    });
  }

  missing(): string {
    return "no response";
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #after(ms: number, what: (atUs: number) => void): void {
    const atUs = (performance.now() + ms) * 1000;
    this.#timers.push(
      setTimeout(() => {
        what(atUs);
      }, ms),
    );
  }
}
