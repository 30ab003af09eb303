import type { RequestPlan } from "../model/scenario-plan.js";

/*
 * The port between load and a protocol. The scheduler decides when a request leaves, the pool which connection it
 * leaves on, and the recorder what becomes of it; a driver knows how the bytes of one protocol go out and come back.
 * Both loops, the timeouts and the reconnects are the scheduler's and the pool's, so every driver has them.
 *
 * To add a protocol: implement `Driver`, name it in `Protocol`, and enter it in drivers.ts.
 */

export type Protocol = "http1" | "http2" | "grpc";

/** What a driver can do. A phase that asks for more is refused before anything is sent. */
export interface DriverAbilities {
  readonly tls: boolean;
  /** `keep-alive`: a connection takes many requests; `new`: each request opens its own. */
  readonly connections: readonly ("keep-alive" | "new")[];
  /** Whether one sample may be several requests, with values of one response in the next request. */
  readonly sequences: boolean;
}

/** `Message`: a request as this protocol writes it; only the driver itself looks inside. */
export interface Driver<Message = unknown> {
  readonly protocol: Protocol;
  readonly abilities: DriverAbilities;
  /** @throws TailgateError "load" for a request that could never be sent */
  checkRequest(request: RequestPlan): void;
  /** What sends to one target. It opens no connection yet. */
  clientOf(endpoint: Endpoint): Client<Message>;
}

/** An address that can be connected to; names are resolved before. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  /** A socket file to connect to, instead of address and port. */
  readonly socketPath: string | null;
  readonly tls: boolean;
  /** For TLS; `null` where the host is an address. */
  readonly serverName: string | null;
  /** Host and port as a request names them: `example.org`, `[::1]:8080`. */
  readonly authority: string;
}

/** A request in which every value stands in its place. Which protocol carries it is still open. */
export interface ReadyRequest {
  readonly method: string;
  /** Path and query, percent-encoded. */
  readonly path: string;
  /** Names and values in their order; a header that is sent several times stands here several times. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer | null;
}

export interface Client<Message = unknown> {
  /**
   * Writes a request ahead of its time: once for a whole phase where it is the same every time.
   *
   * @param closes - the connection is not used again after this request
   * @throws UnsendableRequest where the protocol has no way to say it
   */
  encode(request: ReadyRequest, closes: boolean): Message;
  /** Opens a connection. The first thing that it reports is `opened` or `lost`, and never before this returns. */
  connect(listener: ConnectionListener): Connection<Message>;
}

/** One of a target's connections. It takes one request at a time. */
export interface Connection<Message = unknown> {
  /** Sends at once; before the connection stands, the request waits for it. */
  send(request: OutgoingRequest<Message>): void;
  /** What of the response under way has not come, for one that timed out: "no response", "no end of the response". */
  missing(): string;
  /** Ends the connection. Nothing more is reported. */
  close(): void;
}

export interface OutgoingRequest<Message = unknown> {
  readonly message: Message;
  /** Text to look for in the body of the response. */
  readonly needle: Buffer | null;
  /** Whether values are captured from the body. */
  readonly keepBody: boolean;
}

export interface ConnectionListener {
  opened(): void;
  /** `doneUs`: `performance.now()` in microseconds when the last bytes of the response were read. */
  responded(response: Response, doneUs: number): void;
  /** The last thing that a connection reports. */
  lost(loss: ConnectionLoss): void;
}

/** One complete response. */
export interface Response {
  readonly status: number;
  /** What the status is called, where the protocol says more than a number: "14 UNAVAILABLE: no database". */
  readonly statusText: string | null;
  /** Names and values in turn, as sent. */
  readonly headers: readonly string[];
  /** Bytes of the body as sent. */
  readonly bodyBytes: number;
  /** Whether the needle was in the body; true where none was looked for. Not looked for in a compressed body. */
  readonly found: boolean;
  /** The body as sent, only where it was asked for or has to be decompressed to be searched. */
  readonly body: Buffer | null;
  /** What `body` was compressed with; empty where nothing in it is looked at. */
  readonly codings: readonly string[];
  /** Whether the connection can take another request. */
  readonly reusable: boolean;
}

/** Why a connection ended without having been closed by us. */
export interface ConnectionLoss {
  /** `body`: bytes came that are no well-formed response. */
  readonly outcome: "connection" | "body";
  /** What the service did, to follow its name ("it reset the connection"); for a body what is wrong with it. */
  readonly reason: string;
  readonly atUs: number;
  /** Whether the connection had been established. */
  readonly opened: boolean;
}

/** A captured value that cannot be sent where the plan wants it. */
export class UnsendableRequest extends Error {}
