import { createRequire } from "node:module";
import { once } from "node:events";
import { Socket } from "node:net";
import Client from "autocannon/lib/httpClient.js";
import { afterEach, expect, test } from "vitest";
import { responseOf, rawServer, type RawServer } from "../support/raw-server.js";

/*
 * What src/load/http1/connection.ts relies on in autocannon, and what it works around. A new version that changes one of
 * these has to be read before it is taken.
 */

let server: RawServer | null = null;
let client: Client | null = null;

afterEach(async () => {
  client?.destroy();
  await server?.[Symbol.asyncDispose]();
});

function clientOf(port: number, setupClient: (client: Client) => void): Client {
  client = new Client({
    hostname: "127.0.0.1",
    port,
    protocol: "http:",
    pipelining: 1,
    timeout: 2_000_000,
    setupClient,
  });
  return client;
}

/** A client whose socket leads nowhere, for its parser. */
function unconnected(): Client {
  return clientOf(1, (fresh) => {
    fresh._connect = () => {
      fresh.conn = new Socket();
    };
  });
}

test("autocannon is the version whose source was read", () => {
  const { version } = createRequire(import.meta.url)("autocannon/package.json") as { version: string };
  expect(version).toBe("9.0.0");
});

test("setupClient runs before the first connect, with the parser and the queue in place", () => {
  const seen: unknown[] = [];
  clientOf(1, (fresh) => {
    seen.push(fresh.conn, typeof fresh.parser.execute, fresh.pipelinedRequests.size());
    fresh._connect = () => {
      seen.push("connect");
      fresh.conn = new Socket();
    };
  });
  expect(seen).toEqual([undefined, "function", 0, "connect"]);
});

test("autocannon's reconnects go through _connect, its sends through _doRequest", async () => {
  server = await rawServer(({ socket }) => socket.end(responseOf("ok")));
  const calls: string[] = [];
  const made = clientOf(server.port, (fresh) => {
    const connect = fresh._connect.bind(fresh);
    fresh._doRequest = () => calls.push("request");
    fresh._connect = () => {
      calls.push("connect");
      if (calls.length === 1) connect();
    };
  });
  const response = once(made, "response");
  made.pipelinedRequests.insertRequest(null);
  made.conn.write("GET / HTTP/1.1\r\n\r\n");
  const [status, bytes, durationMs] = (await response) as [number, number, number];
  await once(made.conn, "close");
  expect(calls).toEqual(["connect", "request", "request", "connect"]);
  expect(status).toBe(200);
  expect(bytes).toBe(responseOf("ok").length);
  expect(durationMs).toBeGreaterThan(0);
  expect(Number.isInteger(durationMs)).toBe(false);
});

test("response bodies reach pipelinedRequests.addBody, without chunk framing", async () => {
  server = await rawServer(({ socket }) =>
    socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"),
  );
  let body = "";
  const made = clientOf(server.port, (fresh) => {
    fresh._doRequest = () => undefined;
    fresh.pipelinedRequests.addBody = (data) => (body += data.toString());
  });
  const response = once(made, "response");
  made.pipelinedRequests.insertRequest(null);
  made.conn.write("GET / HTTP/1.1\r\n\r\n");
  await response;
  expect(body).toBe("abc");
});

test("a failed connect is reported by connError", async () => {
  server = await rawServer(() => undefined);
  server.kill();
  let connects = 0;
  const made = clientOf(server.port, (fresh) => {
    const connect = fresh._connect.bind(fresh);
    fresh._doRequest = () => undefined;
    fresh._connect = () => {
      if (++connects === 1) connect();
    };
  });
  const [error] = (await once(made, "connError")) as [NodeJS.ErrnoException];
  expect(error.code).toBe("ECONNREFUSED");
  expect(connects).toBe(2);
});

test("the parser has the states, fields and callbacks that are watched", () => {
  const { parser } = unconnected();
  const { kOnHeadersComplete, kOnMessageComplete } = parser.constructor;
  expect([kOnHeadersComplete, kOnMessageComplete]).toEqual([2, 4]);
  expect([typeof parser[kOnHeadersComplete], typeof parser[kOnMessageComplete]]).toEqual([
    "function",
    "function",
  ]);
  expect(parser).toMatchObject({
    state: "RESPONSE_LINE",
    line: "",
    body_bytes: null,
    connection: "",
    headerSize: 0,
  });
  expect([typeof parser.consumeLine, typeof parser.BODY_CHUNKHEAD, typeof parser.finish]).toEqual(
    Array(3).fill("function"),
  );
});

test("the parser gives an error back instead of throwing it, also for headers over 80 kB", () => {
  const { parser } = unconnected();
  expect(parser.execute(Buffer.from("no HTTP\r\n"))).toBeInstanceOf(Error);
  client!.destroy();
  const fresh = unconnected().parser;
  const long = Buffer.from(`HTTP/1.1 200 OK\r\n${"X: y\r\n".repeat(15_000)}`);
  expect(fresh.execute(long)).toBeInstanceOf(Error);
});

test("the parser takes 1xx for the response, a malformed chunk for the last, and waits for the body of a HEAD", () => {
  const parse = (text: string, skipBody = false): string[] => {
    const seen: string[] = [];
    const { parser } = unconnected();
    const { kOnHeadersComplete, kOnMessageComplete } = parser.constructor;
    parser[kOnHeadersComplete] = (headers: Client.Headers) => {
      seen.push(String(headers.statusCode));
      return skipBody;
    };
    parser[kOnMessageComplete] = () => seen.push("complete");
    parser.execute(Buffer.from(text));
    client!.destroy();
    return seen;
  };
  expect(parse("HTTP/1.1 100 Continue\r\n\r\n")).toEqual(["100", "complete"]);
  expect(parse("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n")).toEqual([
    "200",
    "complete",
  ]);
  expect(parse("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")).toEqual(["200"]);
  expect(parse("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true)).toEqual(["200", "complete"]);
});
