import type Client from "autocannon/lib/httpClient.js";
import { MalformedResponse } from "../connections/response-reader.js";

interface ParserHooks {
  /** Whether the response is to a HEAD. */
  forHead(): boolean;
  /** Headers of the final response, after any 1xx, and whether its connection can be used again. */
  headers(headers: Client.Headers, reusable: boolean): void;
  /** A response is complete and nothing follows it. `atUs`: when its last bytes were read. */
  complete(atUs: number): void;
  /** The connection is of no use any more, and why. */
  malformed(reason: string): void;
}

const UNASKED = "a response that nothing asked for";

/**
 * Mends what autocannon's client and its parser let through: a 1xx that is taken for the response, errors that are
 * returned and not looked at, the body that a HEAD, 204 or 304 never sends, malformed lengths, and responses that
 * nobody asked for. A response counts as complete only when the bytes read with it hold nothing more.
 */
export function guardParser(client: Client, hooks: ParserHooks): void {
  const { parser } = client;
  const { kOnHeadersComplete, kOnMessageComplete } = parser.constructor;
  const onHeaders = parser[kOnHeadersComplete] as (headers: Client.Headers) => void;
  const onComplete = parser[kOnMessageComplete] as () => void;
  let informational = false;
  let complete = false;
  /** What bytes after the response are called: of the one that came last. */
  let surplus = UNASKED;

  const headersComplete = (headers: Client.Headers): boolean => {
    if (client.pipelinedRequests.size() === 0) throw new MalformedResponse(surplus);
    const status = headers.statusCode;
    if (status < 200 && status !== 101) {
      informational = true;
      return true;
    }
    const length = parser.body_bytes;
    if (length !== null && !(Number.isSafeInteger(length) && length >= 0)) {
      throw new MalformedResponse("its Content-Length is no number");
    }
    surplus = length === null ? "more bytes than the response" : "more bytes than its Content-Length";
    onHeaders(headers);
    const bodiless = hooks.forHead() || status === 204 || status === 304;
    const reusable = headers.shouldKeepAlive || (bodiless && !parser.connection.includes("close"));
    hooks.headers(headers, reusable && status !== 101);
    return bodiless;
  };
  const messageComplete = (): void => {
    if (informational) {
      informational = false;
      return;
    }
    onComplete();
    complete = true;
  };
  parser[kOnHeadersComplete] = headersComplete;
  parser[kOnMessageComplete] = messageComplete;
  guardChunkSizes(parser);

  const execute = parser.execute.bind(parser);
  parser.execute = (chunk) => {
    const atUs = performance.now() * 1000;
    const asked = client.pipelinedRequests.size() > 0;
    const result = attempt(() => execute(chunk));
    if (result instanceof MalformedResponse) {
      hooks.malformed(result.message);
    } else if (result instanceof Error) {
      hooks.malformed(asked ? `it is not HTTP (${result.message})` : surplus);
    } else if (complete) {
      complete = false;
      if (parser.state !== "RESPONSE_LINE" || parser.line !== "") {
        hooks.malformed(surplus);
      } else {
        // The parser adds a response's last chunk to the next one's header size.
        parser.headerSize = 0;
        hooks.complete(atUs);
      }
    } else if (!asked && chunk.length > 0) {
      // Without the end of a line the parser would wait for more.
      hooks.malformed(surplus);
    }
    return 0;
  };
}

/** The parser would take a malformed chunk size for the last chunk, and so a broken body for a whole one. */
function guardChunkSizes(parser: Client.Parser): void {
  const chunkHead = parser.BODY_CHUNKHEAD.bind(parser);
  const consumeLine = parser.consumeLine.bind(parser);
  const consumeSize = (): string | undefined => {
    const line = consumeLine();
    if (line !== undefined && !/^[0-9a-f]{1,12}[ \t]*(;.*)?$/i.test(line)) {
      throw new MalformedResponse("its chunk size is no number");
    }
    return line;
  };
  parser.BODY_CHUNKHEAD = () => {
    parser.consumeLine = consumeSize;
    try {
      return chunkHead();
    } finally {
      parser.consumeLine = consumeLine;
    }
  };
}

function attempt(parse: () => number | Error): number | Error {
  try {
    return parse();
  } catch (error) {
    if (error instanceof MalformedResponse) return error;
    throw error;
  }
}
