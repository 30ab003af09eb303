/** The parts of autocannon 9.0.0 that are used; test/load/http1/autocannon-contract.test.ts tests them. */
declare module "autocannon/lib/httpClient.js" {
  import type { EventEmitter } from "node:events";
  import type { Socket } from "node:net";

  namespace Client {
    interface Options {
      hostname: string;
      port: number;
      protocol: "http:" | "https:";
      servername?: string;
      /** Connects there instead of to host and port. */
      socketPath?: string;
      pipelining: 1;
      /** Seconds. */
      timeout: number;
      setupClient: (client: Client) => void;
    }

    interface Headers {
      statusCode: number;
      headers: string[];
      shouldKeepAlive: boolean;
      upgrade: boolean;
    }

    interface PipelinedRequestsQueue {
      insertRequest(request: unknown): void;
      addBody(data: Buffer): void;
      size(): number;
    }

    interface Parser {
      execute(chunk: Buffer): number | Error;
      finish(): Error | undefined;
      consumeLine(): string | undefined;
      state: string;
      line: string;
      /** Announced length of the body; null: none was. */
      body_bytes: number | null;
      isChunked: boolean;
      headerSize: number;
      /** Values of all Connection headers, lower case. */
      connection: string;
      /** State of the machine before a chunk's size line. */
      BODY_CHUNKHEAD(): unknown;
      [callback: number]: (...args: never[]) => unknown;
      constructor: { kOnHeadersComplete: number; kOnMessageComplete: number };
    }
  }

  class Client extends EventEmitter {
    constructor(options: Client.Options);
    conn: Socket;
    destroyed: boolean;
    parser: Client.Parser;
    pipelinedRequests: Client.PipelinedRequestsQueue;
    timeoutTicker: { clear(): void };
    _connect(): void;
    _doRequest(): void;
    destroy(): void;
    on(event: "response", listener: (status: number, bytes: number, durationMs: number) => void): this;
    on(event: "headers", listener: (headers: Client.Headers) => void): this;
    on(event: "connError", listener: (error: NodeJS.ErrnoException) => void): this;
  }

  export = Client;
}
