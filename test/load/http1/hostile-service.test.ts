import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startGenerator } from "../../../src/load/generator/generator.js";
import { summarizeSamples, type LoadSummary } from "../../../src/load/samples/summarize-samples.js";
import type { LoadGenerator, Phase } from "../../../src/load/phase.js";
import { generatorEntry } from "../support/entry.js";
import { closedPhase, GET, openPhase } from "../support/phases.js";
import { responseOf, rawServer, type RawRequest } from "../support/raw-server.js";

let generator: LoadGenerator;

beforeAll(async () => {
  generator = await startGenerator({ processors: null, entry: generatorEntry() });
});

afterAll(() => generator.stop());

async function load(phase: Phase): Promise<LoadSummary> {
  const { arms, health } = await generator.run(phase);
  expect(health.queuedWhileIdle).toBe(0);
  const observation = summarizeSamples(arms[0]!);
  expect(observation.accounted).toBe(observation.measured.requests);
  await generator.disconnect();
  return observation;
}

async function loadRaw(
  respond: (request: RawRequest) => void,
  phase: (port: number) => Phase = (port) => closedPhase(port, 40),
): Promise<LoadSummary> {
  await using server = await rawServer(respond);
  return await load(phase(server.port));
}

const NONE = { status: 0, timeout: 0, connection: 0, body: 0 };

test("instant 500s are errors and never latency or throughput", async () => {
  const seen = await loadRaw(({ socket }) => socket.write(responseOf("no", "500 Internal Server Error")));
  expect(seen).toMatchObject({
    measured: { requests: 40, errors: { ...NONE, status: 40 }, latencyUs: null },
    servedPerSecond: 0,
  });
  expect(seen.measured.statuses).toEqual({ 500: 40 });
});

test("half of the responses failing fast does not make the others look faster", async () => {
  const seen = await loadRaw(({ socket, index }) => {
    if (index % 2 === 0) socket.write(responseOf("no", "500 Internal Server Error"));
    else setTimeout(() => socket.write(responseOf("ok")), 20);
  });
  expect(seen.measured.errors.status).toBeGreaterThan(15);
  expect(seen.measured.latencyUs!.p50).toBeGreaterThan(19_000);
});

test.each(["404 Not Found", "302 Found", "101 Switching Protocols"])(
  "%s is an error unless expected",
  async (status) => {
    const headers = "Location: http://example.invalid/\r\n";
    const seen = await loadRaw(({ socket }) => socket.write(responseOf("", status, headers)));
    expect(seen.measured.errors).toEqual({ ...NONE, status: 40 });
  },
);

test("an expected status is served, a redirect is not followed", async () => {
  const seen = await loadRaw(
    ({ socket }) => socket.write(responseOf("", "302 Found", "Location: http://example.invalid/\r\n")),
    (port) => closedPhase(port, 40, { expect: { status: [302], contains: null, bytes: null } }),
  );
  expect(seen.measured.errors).toEqual(NONE);
  expect(seen.measured.latencyUs).not.toBeNull();
});

test("a body without the expected text is an error, also where the text lies across chunks", async () => {
  const expectation = { expect: { status: [], contains: "needle", bytes: null } };
  const wrong = await loadRaw(
    ({ socket }) => socket.write(responseOf("another body")),
    (port) => closedPhase(port, 40, expectation),
  );
  expect(wrong.measured.errors).toEqual({ ...NONE, body: 40 });
  const split = await loadRaw(
    ({ socket }) => {
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n..nee\r\n");
      setTimeout(() => socket.write("5\r\ndle..\r\n0\r\n\r\n"), 5);
    },
    (port) => closedPhase(port, 20, expectation),
  );
  expect(split.measured.errors).toEqual(NONE);
});

test("a body outside the expected size is an error", async () => {
  const seen = await loadRaw(
    ({ socket, index }) => socket.write(responseOf(index % 2 === 0 ? "123456789" : "1234")),
    (port) => closedPhase(port, 40, { expect: { status: [], contains: null, bytes: { min: 5, max: 9 } } }),
  );
  expect(seen.measured.errors).toEqual({ ...NONE, body: 20 });
});

test("a connection that is closed after half a body is an error of the body", async () => {
  const seen = await loadRaw(({ socket }) =>
    socket.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"),
  );
  expect(seen.measured.errors).toEqual({ ...NONE, body: 40 });
});

test("half a chunked body is an error", async () => {
  const seen = await loadRaw(({ socket }) =>
    socket.end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"),
  );
  expect(seen.measured.errors).toEqual({ ...NONE, body: 40 });
});

test("an endless body is cut off within bounded memory", async () => {
  const chunk = Buffer.alloc(1 << 20, "x");
  const seen = await loadRaw(
    ({ socket }) => {
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      const more = (): void => {
        while (!socket.destroyed && socket.write(`100000\r\n${chunk.toString("latin1")}\r\n`));
      };
      socket.on("drain", more);
      more();
    },
    (port) => closedPhase(port, 4, { timeoutMs: 10_000 }),
  );
  expect(seen.measured.errors).toEqual({ ...NONE, body: 4 });
});

test("headers that come one byte at a time are waited for", async () => {
  const bytes = responseOf("slow");
  const seen = await loadRaw(
    ({ socket }) => {
      let at = 0;
      const timer = setInterval(() => {
        if (at < bytes.length) socket.write(bytes[at++]!);
        else clearInterval(timer);
      }, 1);
    },
    (port) => closedPhase(port, 6),
  );
  expect(seen.measured.errors).toEqual(NONE);
  expect(seen.measured.latencyUs!.p50).toBeGreaterThan(bytes.length * 900);
});

test("headers that never end are a timeout at the timeout's value", async () => {
  const seen = await loadRaw(
    ({ socket }) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      const timer = setInterval(() => socket.write("a"), 20);
      socket.on("close", () => {
        clearInterval(timer);
      });
    },
    (port) => openPhase(port, 3, 20, { timeoutMs: 200 }),
  );
  expect(seen.measured.errors).toEqual({ ...NONE, timeout: 3 });
});

test("a reset after the headers is an error and the next request is not shifted", async () => {
  const seen = await loadRaw(({ socket, index }) => {
    if (index % 4 === 3) {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nha");
      setTimeout(() => socket.resetAndDestroy(), 5);
    } else {
      setTimeout(() => socket.write(responseOf("ok")), 5);
    }
  });
  expect(seen.measured.errors).toEqual({ ...NONE, connection: 10 });
  expect(seen.measured.latencyUs!.max).toBeLessThan(500_000);
  expect(seen.measured.reconnects).toBeGreaterThanOrEqual(9);
});

test.each([
  ["more than its Content-Length", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhello"],
  ["a second answer", responseOf("a") + responseOf("b")],
  ["a malformed status line", "HTTP/1.x two hundred\r\n\r\n"],
  ["bytes that are not HTTP", "\x00\x01\x02\r\n\r\n"],
  ["a Content-Length that is no number", "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nhello"],
  ["a negative Content-Length", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello"],
  [
    "a chunk size that is no number",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
  ],
  ["10 MB of headers", `HTTP/1.1 200 OK\r\n${`X-Long: ${"x".repeat(1000)}\r\n`.repeat(10_000)}\r\n`],
  ["two different lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhey"],
])("%s is an error of the body", async (_, bytes) => {
  const seen = await loadRaw(
    ({ socket }) => socket.write(bytes, "latin1"),
    (port) => closedPhase(port, 10),
  );
  expect(seen.measured.errors).toEqual({ ...NONE, body: 10 });
  expect(seen.measured.latencyUs).toBeNull();
});

test("a response sent ahead of its request does not count for it", async () => {
  const seen = await loadRaw(
    ({ socket }) => {
      socket.write(responseOf("a"));
      setTimeout(() => socket.write(responseOf("ahead")), 1);
    },
    // A connection for each: no later request can be under way when the second response comes.
    (port) => openPhase(port, 10, 50, { connections: 10 }),
  );
  // The last may come after the phase has ended.
  expect(seen.measured.errors.body).toBeGreaterThanOrEqual(8);
});

test("a service that closes every connection has right latencies", async () => {
  const seen = await loadRaw(
    ({ socket }) => setTimeout(() => socket.end(responseOf("ok", "200 OK", "Connection: close\r\n")), 10),
    (port) => openPhase(port, 100, 100, { connections: 10 }),
  );
  expect(seen.measured.errors).toEqual(NONE);
  expect(seen.measured.reconnects).toBeGreaterThanOrEqual(90);
  expect(seen.measured.latencyUs!.p50).toBeGreaterThan(9_500);
  // A stale start time would show as the distance between two uses of a connection, 100 ms.
  expect(seen.measured.latencyUs!.p50).toBeLessThan(60_000);
});

test("HTTP/1.0 without a length ends with its connection", async () => {
  const seen = await loadRaw(({ socket }) => socket.end("HTTP/1.0 200 OK\r\n\r\nold but whole"));
  expect(seen.measured.errors).toEqual(NONE);
  expect(seen.measured.bytesPerResponse).toBe(13);
});

test("HTTP/1.0 with keep-alive stays on its connections", async () => {
  const seen = await loadRaw(({ socket }) =>
    socket.write("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok"),
  );
  expect(seen.measured).toMatchObject({ errors: NONE, reconnects: 0 });
});

test("chunked bodies with trailers and extensions are whole", async () => {
  const seen = await loadRaw(({ socket }) =>
    socket.write(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX-T: 1\r\n\r\n",
    ),
  );
  expect(seen.measured).toMatchObject({ errors: NONE, bytesPerResponse: 5, reconnects: 0 });
});

test("compressed bodies are counted as sent", async () => {
  const body = gzipSync("a".repeat(10_000));
  const seen = await loadRaw(({ socket }) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`);
    socket.write(body);
  });
  expect(seen.measured).toMatchObject({ errors: NONE, bytesPerResponse: body.length });
});

test("100 and 103 before the response are not the response", async () => {
  const seen = await loadRaw(({ socket }) => {
    socket.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
    setTimeout(() => socket.write(responseOf("late")), 10);
  });
  expect(seen.measured.statuses).toEqual({ 200: 40 });
  expect(seen.measured.latencyUs!.p50).toBeGreaterThan(9_500);
});

test("HEAD, 204 and 304 end with their headers whatever length they name", async () => {
  const head = await loadRaw(
    ({ socket }) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"),
    (port) => closedPhase(port, 40, { requests: [{ ...GET, method: "HEAD" }] }),
  );
  expect(head.measured).toMatchObject({ errors: NONE, reconnects: 0 });
  const none = await loadRaw(({ socket }) => socket.write("HTTP/1.1 204 No Content\r\n\r\n"));
  expect(none.measured).toMatchObject({ errors: NONE, reconnects: 0 });
  const same = await loadRaw(
    ({ socket }) => socket.write("HTTP/1.1 304 Not Modified\r\nContent-Length: 5000\r\n\r\n"),
    (port) => closedPhase(port, 40, { expect: { status: [304], contains: null, bytes: null } }),
  );
  expect(same.measured).toMatchObject({ errors: NONE, reconnects: 0 });
});

test("a stall is charged to every request that had to wait for it", async () => {
  let stalledUntil = 0;
  const seen = await loadRaw(
    ({ socket, index }) => {
      if (index === 60) stalledUntil = performance.now() + 500;
      setTimeout(() => socket.write(responseOf("ok")), Math.max(0, stalledUntil - performance.now()));
    },
    (port) => ({ ...openPhase(port, 200, 200, { timeoutMs: 5000 }), burstMs: 5000 }),
  );
  expect(seen.measured.errors).toEqual(NONE);
  // Of a second of arrivals half a second's fell into the stall, and half of those waited for more than 250 ms.
  expect(seen.measured.latencyUs!.max).toBeGreaterThan(450_000);
  expect(seen.measured.latencyUs!.p90).toBeGreaterThan(200_000);
  expect(seen.queuedShare).toBeGreaterThan(0.2);
});

test("equal latencies have quantiles that ascend from the latency itself", async () => {
  const seen = await loadRaw(
    ({ socket }) => setTimeout(() => socket.write(responseOf("ok")), 30),
    (port) => openPhase(port, 40, 40, { connections: 10 }),
  );
  const { p50, p75, p90 } = seen.measured.latencyUs!;
  expect(p50).toBeGreaterThan(29_000);
  expect(p75).toBeGreaterThanOrEqual(p50);
  expect(p90).toBeGreaterThanOrEqual(p75);
});

test("a phase without any success has no latency and counts every request", async () => {
  const seen = await loadRaw(({ socket }) => socket.resetAndDestroy());
  expect(seen.measured).toMatchObject({ requests: 40, latencyUs: null, errors: { ...NONE, connection: 40 } });
});

test("a service that hangs is given up after two timeouts, every request accounted for", async () => {
  const seen = await loadRaw(
    ({ socket, index }) => {
      if (index < 20) socket.write(responseOf("ok"));
    },
    (port) => openPhase(port, 500, 100, { timeoutMs: 200 }),
  );
  expect(seen.measured.requests).toBe(500);
  expect(seen.measured.errors.timeout).toBe(480);
  expect(seen.gaveUp?.reason).toMatch(/no response/);
  expect(seen.activeMs).toBeLessThan(3000);
});

test("an offered rate far above capacity ends, and says that it could not be served", async () => {
  let free = 0;
  const seen = await loadRaw(
    ({ socket }) => {
      free = Math.max(free, performance.now()) + 20;
      setTimeout(() => socket.write(responseOf("ok")), free - performance.now());
    },
    (port) => openPhase(port, 1000, 1500, { timeoutMs: 300 }),
  );
  expect(seen.measured.requests).toBe(1000);
  expect(seen.gaveUp?.reason).toMatch(/cannot keep up/);
  expect(Object.values(seen.measured.latencyUs ?? {}).every(Number.isFinite)).toBe(true);
  expect(seen.activeMs).toBeLessThan(6000);
});

test.each(["keep-alive", "new"] as const)(
  "a refused port ends within a second with its reason (%s)",
  async (connection) => {
    const server = await rawServer(() => undefined);
    server.kill();
    const start = performance.now();
    await expect(load(openPhase(server.port, 1000, 200, { connection }))).rejects.toThrow(
      /is gone: it refused the connection/,
    );
    // A second of its own, and room for a busy machine.
    expect(performance.now() - start).toBeLessThan(3000);
  },
);

test.each(["keep-alive", "new"] as const)(
  "a service that dies under load ends the phase with its reason (%s)",
  async (connection) => {
    await using server = await rawServer(({ socket, index }) => {
      if (index === 50) server.kill();
      else socket.write(responseOf("ok", "200 OK", connection === "new" ? "Connection: close\r\n" : ""));
    });
    await expect(load(openPhase(server.port, 5000, 500, { connection }))).rejects.toThrow(/is gone/);
  },
);

test("a service that takes connections only to close them is not stormed with them", async () => {
  await using server = await rawServer(({ socket }) => socket.destroy());
  const seen = await load(openPhase(server.port, 20, 40));
  expect(seen.measured.errors.connection).toBe(20);
  expect(server.connections).toBeLessThan(40);
});
