import Client from "autocannon/lib/httpClient.js";
import { describeError } from "../connections/describe-error.js";
import { ResponseReader } from "../connections/response-reader.js";
import type { Connection, ConnectionListener, ConnectionLoss, Endpoint, OutgoingRequest } from "../driver.js";
import { guardParser } from "./guard-parser.js";

export interface Http1Message {
  readonly bytes: Buffer;
  /** HEAD: the response has no body whatever its headers say. */
  readonly isHead: boolean;
}

/** autocannon's own timeout also ends idle connections, so it is set to the longest that a timer can take; in seconds. */
const NEVER_S = 2_000_000;

/**
 * One TCP or TLS connection, driven through autocannon's HTTP client. A client is used for one connection only and is
 * dropped with it, so nothing stale can shift later latencies. What autocannon would do by itself (send the next request,
 * reconnect, time out) is switched off, and guard-parser.ts corrects what its parser lets through.
 */
export class Http1Connection implements Connection<Http1Message> {
  readonly #client: Client;
  readonly #listener: ConnectionListener;
  readonly #reader = new ResponseReader();
  #opened = false;
  #over = false;
  #error: Error | null = null;
  #isHead = false;
  #reusable = false;

  constructor(endpoint: Endpoint, listener: ConnectionListener) {
    this.#listener = listener;
    this.#client = new Client({
      hostname: endpoint.address,
      port: endpoint.port,
      protocol: endpoint.tls ? "https:" : "http:",
      ...(endpoint.serverName === null ? {} : { servername: endpoint.serverName }),
      ...(endpoint.socketPath === null ? {} : { socketPath: endpoint.socketPath }),
      pipelining: 1,
      timeout: NEVER_S,
      setupClient: (client) => {
        const connect = client._connect.bind(client);
        client._doRequest = () => undefined;
        client._connect = () => {
          // The first call opens the connection; autocannon makes later ones after an error or an end.
          client._connect = () => {
            this.#down();
          };
          connect();
        };
        client.pipelinedRequests.addBody = (data) => {
          this.#reader.addBody(data);
        };
      },
    });
    this.#client.timeoutTicker.clear();
    this.#client.on("connError", (error) => {
      this.#error = error;
    });
    this.#client.conn.setNoDelay(true);
    this.#client.conn.once(endpoint.tls ? "secureConnect" : "connect", () => {
      this.#opened = true;
      if (!this.#over) listener.opened();
    });
    guardParser(this.#client, {
      forHead: () => this.#isHead,
      headers: (headers, reusable) => {
        this.#reader.begin(headers.statusCode, headers.headers);
        this.#reusable = reusable;
      },
      complete: (atUs) => {
        if (!this.#over) this.#complete(atUs);
      },
      malformed: (reason) => {
        this.#lose("body", reason);
      },
    });
  }

  send(request: OutgoingRequest<Http1Message>): void {
    this.#reader.expect(request);
    this.#isHead = request.message.isHead;
    this.#client.pipelinedRequests.insertRequest(null);
    this.#client.conn.write(request.message.bytes);
  }

  missing(): string {
    if (!this.#opened) return "no connection";
    if (!this.#reader.begun) return "no response";
    const { parser } = this.#client;
    if (parser.state === "BODY_RAW" && parser.body_bytes === null) {
      return "no end of the response: neither length nor close";
    }
    return parser.isChunked
      ? "no end of the response: its last chunk did not come"
      : "no end of the response: fewer bytes than its Content-Length";
  }

  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#client.destroy();
  }

  #complete(doneUs: number): void {
    this.#listener.responded(this.#reader.complete(this.#reusable), doneUs);
  }

  #lose(outcome: ConnectionLoss["outcome"], reason: string): void {
    if (this.#over) return;
    this.close();
    this.#listener.lost({ outcome, reason, atUs: performance.now() * 1000, opened: this.#opened });
  }

  /** The socket ended or failed. */
  #down(): void {
    if (this.#over) return;
    const { parser } = this.#client;
    if (this.#error !== null) {
      this.#lose("connection", describeError(this.#error));
    } else if (this.#reader.waits && parser.state === "BODY_RAW") {
      // A body without a length ends with its connection; autocannon does not tell its parser.
      const atUs = performance.now() * 1000;
      this.#reusable = false;
      parser.finish();
      this.#complete(atUs);
    } else if (this.#reader.begun) {
      this.#lose("body", "the connection was closed in the middle of it");
    } else {
      this.#lose("connection", "it closed the connection");
    }
  }
}
