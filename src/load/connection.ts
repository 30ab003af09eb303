import Client from "autocannon/lib/httpClient.js";

/** An address that can be connected to; names are resolved before. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  readonly tls: boolean;
  /** For TLS; `null` where the host is an address. */
  readonly serverName: string | null;
}

/** One request as it goes over the wire, and what has to be looked at in its answer. */
export interface Outgoing {
  readonly bytes: Buffer;
  /** HEAD: the answer has no body whatever its headers say. */
  readonly head: boolean;
  readonly needle: Buffer | null;
  readonly keepBody: boolean;
}

export interface Answer {
  readonly status: number;
  /** Names and values in turn, as sent. */
  readonly headers: readonly string[];
  readonly bodyBytes: number;
  /** Whether the needle was in the body. */
  readonly found: boolean;
  /** Only where it was asked for. */
  readonly body: Buffer | null;
  /** `performance.now()` when its last bytes were read. */
  readonly doneMs: number;
  readonly reusable: boolean;
}

/** Why a connection ended without having been closed by us. */
export interface Loss {
  /** `body`: bytes came that are no well-formed answer. */
  readonly outcome: "connection" | "body";
  readonly reason: string;
  readonly atMs: number;
  /** Whether it had been established. */
  readonly opened: boolean;
}

export interface ConnectionOwner {
  opened(): void;
  answered(answer: Answer): void;
  /** The last thing a connection reports. */
  lost(loss: Loss): void;
}

/** An answer longer than this is cut off and counts as a wrong body: memory and time stay bounded. */
export const BODY_LIMIT_BYTES = 64 * 1024 * 1024;
/** Bodies that values are captured from are kept whole, so they must be shorter. */
export const KEPT_BODY_LIMIT_BYTES = 4 * 1024 * 1024;

/** autocannon's own timeout also strikes idle connections; ours is kept by the slot. In seconds, just within a timer's range. */
const NEVER_S = 2_000_000;

class Malformed extends Error {}

/**
 * One TCP or TLS connection, driven through autocannon's HTTP client. A client is used for one connection only and is
 * thrown away with it: nothing stale can shift later latencies. What autocannon would do by itself (send the next
 * request, reconnect, time out) is taken out; what its parser lets through (1xx as an answer, parse errors, HEAD) is
 * put right here.
 */
export class Connection {
  readonly #client: Client;
  readonly #owner: ConnectionOwner;
  #opened = false;
  #over = false;
  #error: Error | null = null;
  #outgoing: Outgoing | null = null;
  #headers: Client.Headers | null = null;
  #reusable = false;
  #complete = false;
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
    this.#guardParser(this.#client.parser);
  }

  get opened(): boolean {
    return this.#opened;
  }

  /** Writes a request; before the connection stands it waits in the socket. One at a time. */
  send(outgoing: Outgoing): void {
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

  #lose(outcome: Loss["outcome"], reason: string): void {
    if (this.#over) return;
    this.close();
    this.#owner.lost({ outcome, reason, atMs: performance.now(), opened: this.#opened });
  }

  #guardParser(parser: Client.Parser): void {
    const { kOnHeadersComplete, kOnMessageComplete } = parser.constructor;
    const onHeaders = parser[kOnHeadersComplete] as (headers: Client.Headers) => void;
    const onComplete = parser[kOnMessageComplete] as () => void;
    let informational = false;

    const headersComplete = (headers: Client.Headers): boolean => {
      if (this.#client.pipelinedRequests.size() === 0)
        throw new Malformed("it sent an answer that nothing asked for");
      const status = headers.statusCode;
      if (status < 200 && status !== 101) {
        informational = true;
        return true;
      }
      const length = parser.body_bytes;
      if (length !== null && !(Number.isSafeInteger(length) && length >= 0)) {
        throw new Malformed("its Content-Length is not a number");
      }
      onHeaders(headers);
      this.#headers = headers;
      const bodiless = this.#outgoing!.head || status === 204 || status === 304;
      this.#reusable = headers.shouldKeepAlive || (bodiless && !parser.connection.includes("close"));
      if (status === 101) this.#reusable = false;
      return bodiless;
    };
    const messageComplete = (): void => {
      if (informational) {
        informational = false;
        return;
      }
      onComplete();
      this.#complete = true;
    };
    parser[kOnHeadersComplete] = headersComplete;
    parser[kOnMessageComplete] = messageComplete;

    // It would take a malformed chunk size for the last chunk, and so a broken body for a whole one.
    const chunkHead = parser.BODY_CHUNKHEAD.bind(parser);
    const consumeLine = parser.consumeLine.bind(parser);
    parser.BODY_CHUNKHEAD = () => {
      parser.consumeLine = () => {
        const line = consumeLine();
        if (line !== undefined && !/^[0-9a-f]{1,12}[ \t]*(;.*)?$/i.test(line)) {
          throw new Malformed("its chunk size is not a number");
        }
        return line;
      };
      try {
        return chunkHead();
      } finally {
        parser.consumeLine = consumeLine;
      }
    };

    const execute = parser.execute.bind(parser);
    parser.execute = (chunk) => {
      const atMs = performance.now();
      let result: number | Error;
      try {
        result = execute(chunk);
      } catch (error) {
        if (!(error instanceof Malformed)) throw error;
        result = error;
      }
      if (this.#over) return 0;
      if (result instanceof Error) {
        const reason =
          result instanceof Malformed ? result.message : `its answer is not HTTP (${result.message})`;
        this.#lose("body", reason);
      } else if (this.#complete) {
        if (parser.state !== "RESPONSE_LINE" || parser.line !== "") {
          this.#lose("body", "it sent more than the answer");
        } else {
          // It adds an answer's last chunk to the next one's header size.
          parser.headerSize = 0;
          this.#settle(atMs);
        }
      }
      return 0;
    };
  }

  #addBody(data: Buffer): void {
    this.#bodyBytes += data.length;
    if (this.#bodyBytes > BODY_LIMIT_BYTES) throw new Malformed("its answer is longer than 64 MiB");
    const { needle, keepBody } = this.#outgoing!;
    if (keepBody) {
      if (this.#bodyBytes > KEPT_BODY_LIMIT_BYTES) {
        throw new Malformed("its answer is longer than the 4 MiB that a value can be captured from");
      }
      this.#kept.push(data);
    }
    if (needle !== null && !this.#found) {
      // The needle may lie across chunks: the last bytes are carried over.
      const window = this.#tail === null ? data : Buffer.concat([this.#tail, data]);
      this.#found = window.includes(needle);
      this.#tail = Buffer.from(window.subarray(Math.max(0, window.length - needle.length + 1)));
    }
  }

  #settle(doneMs: number): void {
    const answer: Answer = {
      status: this.#headers!.statusCode,
      headers: this.#headers!.headers,
      bodyBytes: this.#bodyBytes,
      found: this.#found || this.#outgoing!.needle === null,
      body: this.#outgoing!.keepBody ? Buffer.concat(this.#kept) : null,
      doneMs,
      reusable: this.#reusable,
    };
    this.#complete = false;
    this.#outgoing = null;
    this.#headers = null;
    this.#bodyBytes = 0;
    this.#kept = [];
    this.#tail = null;
    this.#found = false;
    this.#owner.answered(answer);
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
