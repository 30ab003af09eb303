import Client from "autocannon/lib/httpClient.js";
import { contentCodings } from "./content-encoding.js";
import { guardParser, Malformed } from "./guard-parser.js";

/** An address that can be connected to; names are resolved before. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  readonly tls: boolean;
  /** For TLS; `null` where the host is an address. */
  readonly serverName: string | null;
}

/** One request as it goes over the wire, and what has to be looked at in its answer. */
export interface OutgoingRequest {
  readonly bytes: Buffer;
  /** HEAD: the answer has no body whatever its headers say. */
  readonly head: boolean;
  readonly needle: Buffer | null;
  readonly keepBody: boolean;
}

export interface Response {
  readonly status: number;
  /** Names and values in turn, as sent. */
  readonly headers: readonly string[];
  readonly bodyBytes: number;
  /** Whether the needle was in the body; not looked for in a packed one. */
  readonly found: boolean;
  /** As sent. Only where it was asked for, or where the needle has to be looked for in what it unpacks to. */
  readonly body: Buffer | null;
  /** What `body` was packed with; empty where nothing in it is looked at. */
  readonly codings: readonly string[];
  /** `performance.now()` when its last bytes were read. */
  readonly doneMs: number;
  readonly reusable: boolean;
}

/** Why a connection ended without having been closed by us. */
export interface ConnectionLoss {
  /** `body`: bytes came that are no well-formed answer. */
  readonly outcome: "connection" | "body";
  readonly reason: string;
  readonly atMs: number;
  /** Whether it had been established. */
  readonly opened: boolean;
}

export interface ConnectionOwner {
  opened(): void;
  responded(answer: Response): void;
  /** The last thing a connection reports. */
  lost(loss: ConnectionLoss): void;
}

/** An answer longer than this is cut off and counts as a wrong body: memory and time stay bounded. */
export const BODY_LIMIT_BYTES = 64 * 1024 * 1024;
/** Bodies that values are captured from, and packed ones that are looked into, are kept whole, so they must be shorter. */
export const KEPT_BODY_LIMIT_BYTES = 4 * 1024 * 1024;

const PLAIN: readonly string[] = [];

/** autocannon's own timeout also strikes idle connections; ours is kept by the slot. In seconds, just within a timer's range. */
const NEVER_S = 2_000_000;

/**
 * One TCP or TLS connection, driven through autocannon's HTTP client. A client is used for one connection only and is
 * thrown away with it: nothing stale can shift later latencies. What autocannon would do by itself (send the next
 * request, reconnect, time out) is taken out; what its parser lets through is put right in guard-parser.ts.
 */
export class Connection {
  readonly #client: Client;
  readonly #owner: ConnectionOwner;
  #opened = false;
  #over = false;
  #error: Error | null = null;
  #outgoing: OutgoingRequest | null = null;
  #headers: Client.Headers | null = null;
  #reusable = false;
  #codings = PLAIN;
  #bodyBytes = 0;
  #kept: Buffer[] = [];
  #tail: Buffer | null = null;
  #found = false;

  constructor(endpoint: Endpoint, owner: ConnectionOwner) {
    this.#owner = owner;
    this.#client = new Client({
      hostname: endpoint.address,
      port: endpoint.port,
      protocol: endpoint.tls ? "https:" : "http:",
      ...(endpoint.serverName === null ? {} : { servername: endpoint.serverName }),
      pipelining: 1,
      timeout: NEVER_S,
      setupClient: (client) => {
        const connect = client._connect.bind(client);
        client._doRequest = () => undefined;
        client._connect = () => {
          // The first call opens; later ones are its answer to an error or an end.
          client._connect = () => {
            this.#down();
          };
          connect();
        };
        client.pipelinedRequests.addBody = (data) => {
          this.#addBody(data);
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
      if (!this.#over) owner.opened();
    });
    guardParser(this.#client, {
      forHead: () => this.#outgoing!.head,
      headers: (headers, reusable) => {
        this.#headers = headers;
        this.#reusable = reusable;
        const { needle, keepBody } = this.#outgoing!;
        if (needle !== null || keepBody) this.#codings = contentCodings(headers.headers);
      },
      complete: (atMs) => {
        if (!this.#over) this.#settle(atMs);
      },
      malformed: (reason) => {
        this.#lose("body", reason);
      },
    });
  }

  get opened(): boolean {
    return this.#opened;
  }

  /** Writes a request; before the connection stands it waits in the socket. One at a time. */
  send(outgoing: OutgoingRequest): void {
    this.#outgoing = outgoing;
    this.#client.pipelinedRequests.insertRequest(null);
    this.#client.conn.write(outgoing.bytes);
  }

  /** Ends it; nothing more is reported. */
  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#client.destroy();
  }

  #lose(outcome: ConnectionLoss["outcome"], reason: string): void {
    if (this.#over) return;
    this.close();
    this.#owner.lost({ outcome, reason, atMs: performance.now(), opened: this.#opened });
  }

  #addBody(data: Buffer): void {
    this.#bodyBytes += data.length;
    if (this.#bodyBytes > BODY_LIMIT_BYTES) throw new Malformed("its answer is longer than 64 MiB");
    const { needle, keepBody } = this.#outgoing!;
    const packed = this.#codings.length > 0;
    if (keepBody || packed) {
      if (this.#bodyBytes > KEPT_BODY_LIMIT_BYTES) {
        throw new Malformed("its answer is longer than the 4 MiB that can be kept to be looked into");
      }
      this.#kept.push(data);
    }
    if (needle !== null && !packed && !this.#found) {
      // The needle may lie across chunks: the last bytes are carried over.
      const window = this.#tail === null ? data : Buffer.concat([this.#tail, data]);
      this.#found = window.includes(needle);
      this.#tail = Buffer.from(window.subarray(Math.max(0, window.length - needle.length + 1)));
    }
  }

  #settle(doneMs: number): void {
    const codings = this.#codings;
    const keep = this.#outgoing!.keepBody || codings.length > 0;
    const answer: Response = {
      status: this.#headers!.statusCode,
      headers: this.#headers!.headers,
      bodyBytes: this.#bodyBytes,
      found: this.#found || this.#outgoing!.needle === null,
      body: keep ? Buffer.concat(this.#kept) : null,
      codings,
      doneMs,
      reusable: this.#reusable,
    };
    this.#outgoing = null;
    this.#headers = null;
    this.#codings = PLAIN;
    this.#bodyBytes = 0;
    if (keep) this.#kept = [];
    this.#tail = null;
    this.#found = false;
    this.#owner.responded(answer);
  }

  /** The socket ended or failed. */
  #down(): void {
    if (this.#over) return;
    const parser = this.#client.parser;
    if (this.#error !== null) {
      this.#lose("connection", inWords(this.#error));
    } else if (this.#outgoing !== null && parser.state === "BODY_RAW") {
      // A body without a length ends with its connection; autocannon does not tell its parser.
      const atMs = performance.now();
      this.#reusable = false;
      parser.finish();
      this.#settle(atMs);
    } else if (this.#headers !== null) {
      this.#lose("body", "it closed the connection in the middle of an answer");
    } else {
      this.#lose("connection", "it closed the connection");
    }
  }
}

function inWords(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case "ECONNREFUSED":
      return "it refused the connection";
    case "ECONNRESET":
      return "it reset the connection";
    case "EPIPE":
      return "it closed the connection while a request was sent";
    default:
      return error.message;
  }
}
