import {
  connect as connectHttp2,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpStatusHeader,
  type OutgoingHttpHeaders,
} from "node:http2";
import { connect, type Socket } from "node:net";
import { connect as connectTls, TLSSocket } from "node:tls";
import { MalformedResponse, ResponseReader } from "../connections/response-reader.js";
import {
  UnsendableRequest,
  type Connection,
  type ConnectionListener,
  type ConnectionLoss,
  type Endpoint,
  type OutgoingRequest,
  type Response,
} from "../driver.js";
import { describeError } from "../connections/describe-error.js";

export interface Http2Message {
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer | null;
}

/**
 * What a response amounts to, with its trailers (names and values in turn).
 *
 * @throws MalformedResponse where they make no sense together
 */
export type Conclude = (response: Response, trailers: readonly string[]) => Response;

const NONE: readonly string[] = [];

/**
 * One HTTP/2 session, through Node's own client, with one stream at a time. It stands once the service has sent its
 * settings: a service that speaks something else never does.
 */
export class Http2Connection implements Connection<Http2Message> {
  readonly #session: ClientHttp2Session;
  readonly #socket: Socket;
  readonly #listener: ConnectionListener;
  readonly #conclude: Conclude;
  readonly #reader = new ResponseReader();
  #stream: ClientHttp2Stream | null = null;
  #trailers = NONE;
  #opened = false;
  #over = false;
  /** The service has said goodbye: what is under way is finished, and nothing more is begun. */
  #leaving = false;

  constructor(endpoint: Endpoint, listener: ConnectionListener, conclude: Conclude) {
    this.#listener = listener;
    this.#conclude = conclude;
    this.#socket = socketTo(endpoint);
    // The session hands its errors on to the socket, and the socket to the session.
    const failed = (error: Error): void => {
      this.#lose(...this.#describe(error));
    };
    this.#socket.on("error", failed);
    this.#socket.on("close", () => {
      this.#closed();
    });
    this.#session = connectHttp2(`${endpoint.tls ? "https" : "http"}://${endpoint.authority}`, {
      createConnection: () => this.#socket,
      settings: { enablePush: false },
    });
    this.#session.once("remoteSettings", () => {
      if (this.#over) return;
      this.#opened = true;
      listener.opened();
    });
    this.#session.on("error", failed);
    this.#session.on("goaway", (_, lastStream) => {
      this.#leaving = true;
      const streamId = this.#stream?.id;
      if (this.#stream === null) this.#lose("connection", GOODBYE);
      else if (streamId !== undefined && streamId > lastStream)
        this.#lose("connection", `${GOODBYE} instead of a response`);
    });
    if (this.#socket instanceof TLSSocket) {
      const secure = this.#socket;
      secure.once("secureConnect", () => {
        if (secure.alpnProtocol !== "h2")
          this.#lose("connection", "it does not offer HTTP/2 (no h2 by ALPN)");
      });
    }
  }

  send(request: OutgoingRequest<Http2Message>): void {
    const { headers, body } = request.message;
    this.#reader.expect(request);
    this.#trailers = NONE;
    if (this.#session.closed || this.#session.destroyed) {
      // The loss is told in a moment, and ends the request.
      return;
    }
    const stream = this.#begin(headers, body === null);
    this.#stream = stream;
    // Node gives the lines as they were sent as a third argument, which its types do not tell.
    stream.on("response", (headers: IncomingHttpStatusHeader, _: number, lines: readonly string[]) => {
      this.#reader.begin(headers[":status"] ?? 0, lines);
    });
    stream.on("trailers", (_: unknown, __: number, lines: readonly string[]) => {
      this.#trailers = lines;
    });
    stream.on("data", (piece: Buffer) => {
      this.#take(piece);
    });
    stream.on("end", () => {
      this.#complete(stream, performance.now() * 1000);
    });
    stream.on("error", () => undefined); // It closes, with a code.
    stream.on("close", () => {
      if (this.#stream !== stream) return;
      this.#lose("connection", `it reset the request (${codeName(stream.rstCode)})`);
    });
    if (body !== null) stream.end(body);
  }

  /** HTTP/2 has no place for some headers, such as `TE: gzip`, or two of `Content-Type`. */
  #begin(headers: OutgoingHttpHeaders, endStream: boolean): ClientHttp2Stream {
    try {
      return this.#session.request(headers, { endStream });
    } catch (error) {
      throw new UnsendableRequest(`it cannot be sent over HTTP/2: ${(error as Error).message}`);
    }
  }

  missing(): string {
    if (!this.#opened) return "no connection";
    return this.#reader.begun ? "no end of the response: its stream stays open" : "no response";
  }

  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#stream = null;
    this.#session.destroy();
    this.#socket.destroy();
  }

  #take(piece: Buffer): void {
    if (this.#over) return;
    try {
      this.#reader.addBody(piece);
    } catch (error) {
      if (!(error instanceof MalformedResponse)) throw error;
      this.#lose("body", error.message);
    }
  }

  #complete(stream: ClientHttp2Stream, doneUs: number): void {
    // A stream that was reset ends as well; its close tells.
    if (this.#over || this.#stream !== stream || stream.rstCode !== constants.NGHTTP2_NO_ERROR) return;
    if (!this.#reader.begun) return;
    this.#stream = null;
    const response = this.#reader.complete(!this.#leaving && !this.#session.closed);
    try {
      this.#listener.responded(this.#conclude(response, this.#trailers), doneUs);
    } catch (error) {
      if (!(error instanceof MalformedResponse)) throw error;
      this.#lose("body", error.message);
    }
  }

  #describe(error: NodeJS.ErrnoException): [ConnectionLoss["outcome"], string] {
    if (error.code !== "ERR_HTTP2_ERROR" && error.code !== "ERR_HTTP2_SESSION_ERROR") {
      return ["connection", describeError(error)];
    }
    return this.#opened
      ? ["body", `it is not HTTP/2 (${error.message})`]
      : ["connection", "it does not speak HTTP/2"];
  }

  /** The socket has ended. */
  #closed(): void {
    const inResponse = this.#reader.begun;
    if (inResponse) this.#lose("body", "the connection was closed in the middle of it");
    else this.#lose("connection", this.#leaving ? GOODBYE : "it closed the connection");
  }

  #lose(outcome: ConnectionLoss["outcome"], reason: string): void {
    if (this.#over) return;
    const opened = this.#opened;
    this.close();
    // Told in a turn of its own: never before `connect` or `send` has returned.
    const loss = { outcome, reason, atUs: performance.now() * 1000, opened };
    queueMicrotask(() => {
      this.#listener.lost(loss);
    });
  }
}

const GOODBYE = "it ended the session (GOAWAY)";

function socketTo({ address, port, socketPath, tls, serverName }: Endpoint): Socket {
  const to = socketPath === null ? { host: address, port } : { path: socketPath };
  if (!tls) return connect(to).setNoDelay(true);
  const server = serverName === null ? {} : { servername: serverName };
  return connectTls({ ...to, ...server, ALPNProtocols: ["h2"], rejectUnauthorized: false }).setNoDelay(true);
}

/** In the order of their numbers. Source: RFC 9113, section 7. */
const CODES = [
  "NO_ERROR",
  "PROTOCOL_ERROR",
  "INTERNAL_ERROR",
  "FLOW_CONTROL_ERROR",
  "SETTINGS_TIMEOUT",
  "STREAM_CLOSED",
  "FRAME_SIZE_ERROR",
  "REFUSED_STREAM",
  "CANCEL",
  "COMPRESSION_ERROR",
  "CONNECT_ERROR",
  "ENHANCE_YOUR_CALM",
  "INADEQUATE_SECURITY",
  "HTTP_1_1_REQUIRED",
];

function codeName(code = 0): string {
  return CODES[code] ?? String(code);
}
