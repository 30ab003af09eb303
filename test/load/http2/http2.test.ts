import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../parts/temporary-folder.js";
import { generatorInTest, reasonsOf } from "../support/generator-in-test.js";
import { http2Server, type Http2Respond } from "../support/http2-server.js";
import { closedPhase, GET, openPhase } from "../support/phases.js";
import { rawServer } from "../support/raw-server.js";

const load = generatorInTest();
const HTTP2 = { protocol: "http2" } as const;
const NONE = { status: 0, timeout: 0, connection: 0, body: 0 };

const hello: Http2Respond = (stream) => {
  stream.respond({ ":status": 200 });
  stream.end("hello");
};

describe("what is served", () => {
  test.each([
    ["with prior knowledge", false],
    ["over TLS with a certificate of its own making", true],
  ])("a service that speaks HTTP/2 %s is loaded in both loops", async (_, tls) => {
    await using server = await http2Server(hello, { tls });
    const closed = await load(closedPhase(server.port, 60, HTTP2, { tls }));
    expect(closed.measured).toMatchObject({ errors: NONE, statuses: { 200: 60 }, bytesPerResponse: 5 });
    const open = openPhase(server.port, 100, 400, HTTP2);
    expect(await load({ ...open, targets: [{ ...open.targets[0]!, tls }] })).toMatchObject({
      measured: { errors: NONE },
      sent: 100,
    });
  });

  test("keep-alive keeps one session for each connection, and `new` opens one for each request", async () => {
    await using server = await http2Server(hello);
    await load(closedPhase(server.port, 40, { ...HTTP2, connections: 3 }));
    expect(server.sessions).toBe(3);
    await load(closedPhase(server.port, 10, { ...HTTP2, connection: "new" }));
    expect(server.sessions).toBe(13);
  });

  test("method, path, headers and body arrive as planned, repeated headers repeatedly", async () => {
    const seen: Record<string, unknown>[] = [];
    await using server = await http2Server((stream, { headers, body }) => {
      seen.push({ ...headers, body: body.toString() });
      hello(stream, { headers, body, index: 0 });
    });
    const headers = { "X-Tenant": ["a", "b"], Host: "shop.example" };
    await load(
      closedPhase(server.port, 1, {
        ...HTTP2,
        requests: [{ ...GET, method: "POST", path: "/a?b=c", headers, body: "x=1" }],
      }),
    );
    expect(seen[0]).toMatchObject({
      ":method": "POST",
      ":path": "/a?b=c",
      ":authority": "shop.example",
      ":scheme": "http",
      "x-tenant": "a, b",
      "content-length": "3",
      body: "x=1",
    });
  });

  test("a sequence hands values on, and a compressed body is looked into", async () => {
    const asked: (string | undefined)[] = [];
    await using server = await http2Server((stream, { headers }) => {
      asked.push(headers[":path"]);
      stream.respond({ ":status": 200, "content-encoding": "gzip" });
      stream.end(gzipSync('{"id":7,"name":"needle"}'));
    });
    const capture = { id: { from: "json", path: ["id"] } } as const;
    const summary = await load(
      closedPhase(server.port, 4, {
        ...HTTP2,
        connections: 1,
        requests: [
          { ...GET, capture },
          { ...GET, path: "/users/{id}" },
        ],
        expect: { status: [], contains: "needle", bytes: null },
      }),
    );
    expect(summary.measured.errors).toEqual(NONE);
    expect(asked.slice(0, 2)).toEqual(["/", "/users/7"]);
  });

  test("a service on a socket file is loaded", async () => {
    const socketPath = join(temporaryFolder(), "s.sock");
    await using server = await http2Server(hello, { at: socketPath });
    expect(server.port).toBe(0);
    const summary = await load(closedPhase(0, 20, HTTP2, { socketPath }));
    expect(summary.measured).toMatchObject({ errors: NONE, statuses: { 200: 20 } });
  });

  test("a latency that is known is measured", async () => {
    await using server = await http2Server((stream, request) => {
      setTimeout(() => {
        hello(stream, request);
      }, 30);
    });
    const { measured } = await load(openPhase(server.port, 40, 50, { ...HTTP2, connections: 10 }));
    expect(measured.latencyUs!.p50).toBeGreaterThan(29_000);
  });
});

describe("what goes wrong", () => {
  test("a stream that is reset is an error with its code, and the next request is served", async () => {
    await using server = await http2Server((stream, request) => {
      if (request.index % 2 === 0) stream.close(2);
      else hello(stream, request);
    });
    const summary = await load(closedPhase(server.port, 8, { ...HTTP2, connections: 1 }));
    expect(reasonsOf(summary)).toEqual(["4 connection: it reset the request (INTERNAL_ERROR)"]);
    expect(summary.measured.statuses).toEqual({ 200: 4 });
  });

  test("a stream that is reset in the middle of its body is no whole response", async () => {
    await using server = await http2Server((stream) => {
      stream.respond({ ":status": 200 });
      stream.write("half");
      setTimeout(() => stream.destroy(new Error("broken")), 5);
    });
    const summary = await load(closedPhase(server.port, 4, HTTP2));
    expect(reasonsOf(summary)).toEqual(["4 connection: it reset the request (INTERNAL_ERROR)"]);
  });

  test("a service that says goodbye after each response costs reconnects, and no request", async () => {
    await using server = await http2Server((stream, request) => {
      hello(stream, request);
      stream.session!.goaway();
    });
    const summary = await load(closedPhase(server.port, 10, { ...HTTP2, connections: 2 }));
    expect(summary.measured).toMatchObject({ errors: NONE, statuses: { 200: 10 } });
    expect(summary.measured.reconnects).toBeGreaterThanOrEqual(8);
  });

  test("a goodbye instead of a response is an error of that request", async () => {
    await using server = await http2Server((stream, request) => {
      if (request.index === 0) stream.session!.destroy(undefined, 11);
      else hello(stream, request);
    });
    const summary = await load(closedPhase(server.port, 6, { ...HTTP2, connections: 1 }));
    expect(summary.measured.errors).toEqual({ ...NONE, connection: 1 });
    expect(summary.measured.statuses).toEqual({ 200: 5 });
  });

  test("headers without bounds are an error, and memory stays bounded", async () => {
    await using server = await http2Server((stream, request) => {
      const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`x-${i}`, "x".repeat(1000)]));
      if (request.index < 4) stream.respond({ ":status": 200, ...many }, { endStream: true });
      else hello(stream, request);
    });
    const summary = await load(closedPhase(server.port, 8, { ...HTTP2, connections: 1 }));
    expect(summary.measured.errors.body + summary.measured.errors.connection).toBe(4);
  });

  test("a body longer than what is read is cut off", async () => {
    const piece = Buffer.alloc(1 << 20);
    await using server = await http2Server((stream) => {
      stream.respond({ ":status": 200 });
      const more = (): void => {
        while (!stream.destroyed && stream.write(piece));
      };
      stream.on("drain", more);
      more();
    });
    const summary = await load(closedPhase(server.port, 1, { ...HTTP2, connections: 1, timeoutMs: 20_000 }));
    expect(reasonsOf(summary)).toEqual(["1 body: it is longer than 64 MiB"]);
  });

  test("a response without an end is a timeout that says so", async () => {
    await using server = await http2Server((stream) => {
      stream.respond({ ":status": 200 });
      stream.write("half");
    });
    const summary = await load(closedPhase(server.port, 4, { ...HTTP2, connections: 4, timeoutMs: 60 }));
    expect(reasonsOf(summary)).toEqual(["4 timeout: no end of the response: its stream stays open"]);
  });

  test.each([
    ["a header of HTTP/1.1's connections", { TE: "gzip" }],
    ["a header twice that may be there once", { "Content-Type": ["text/plain", "text/html"] }],
  ])("%s fails the request with the reason, and not the generator", async (_, headers) => {
    await using server = await http2Server(hello);
    const summary = await load(closedPhase(server.port, 4, { ...HTTP2, requests: [{ ...GET, headers }] }));
    expect(reasonsOf(summary)[0]).toMatch(/^4 body: it cannot be sent over HTTP\/2: /);
  });

  test("a request for headers alone is served without a body", async () => {
    await using server = await http2Server((stream) => {
      stream.respond({ ":status": 200, "content-length": "5" }, { endStream: true });
    });
    const requests = [{ ...GET, method: "HEAD" }];
    expect((await load(closedPhase(server.port, 4, { ...HTTP2, requests }))).measured.errors).toEqual(NONE);
  });

  test("a service that speaks HTTP/1.1 is told from one that is down", async () => {
    await using server = await rawServer(() => undefined);
    const speaking = await rawServer(({ socket }) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await expect(load(closedPhase(speaking.port, 4, HTTP2))).rejects.toThrow("it does not speak HTTP/2");
    await expect(load(closedPhase(server.port, 4, { ...HTTP2, timeoutMs: 100 }))).rejects.toThrow(
      "it does not take connections",
    );
    speaking.kill();
  });
});
