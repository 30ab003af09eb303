import { beforeAll, expect, test } from "vitest";
import { loadCommand, type LoadCommandOptions } from "../../../src/commands/load/load.js";
import { reportText } from "../../../src/commands/load/load-text.js";
import { generatorEntry } from "../../load/support/entry.js";
import { responseOf, rawServer, type RawRequest } from "../../load/support/raw-server.js";

let entry: string;

beforeAll(() => {
  entry = generatorEntry();
});

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function load(
  respond: (request: RawRequest) => void,
  options: Omit<LoadCommandOptions, "url">,
  isTTY = false,
): Promise<Ran> {
  await using server = await rawServer(respond);
  const text = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr") => ({ isTTY, write: (chunk: string) => (text[name] += chunk) });
  const streams = { stdout: stream("stdout"), stderr: stream("stderr") };
  const url = `http://127.0.0.1:${server.port}/`;
  const code = await loadCommand({ url, ...options }, streams, { processors: null, entry });
  return { code, ...text };
}

interface Json {
  readonly latencyUs: Record<string, number> | null;
  readonly errors: Record<string, number>;
  readonly warnings: { code: string; message: string }[];
  readonly [field: string]: unknown;
}

test("--json prints one line with exactly the promised fields", async () => {
  const { code, stdout } = await load(({ socket }) => socket.write(responseOf("hello")), {
    rate: "400",
    requests: "200",
    json: true,
  });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\{.*\}\n$/);
  const json = JSON.parse(stdout) as Json;
  expect(Object.keys(json)).toEqual(
    "url loop ratePerSecond connections requests durationMs throughputPerSecond latencyUs bytes errors reasons generator warnings".split(
      " ",
    ),
  );
  expect(Object.keys(json.latencyUs!)).toEqual("p50 p75 p90 p95 p99 p999 max mean".split(" "));
  expect(Object.keys(json.errors)).toEqual("status timeout connection body".split(" "));
  expect(Object.keys(json["generator"] as object)).toEqual(["busyShare", "latenessP99Us"]);
  expect(json).toMatchObject({
    loop: "open",
    ratePerSecond: 400,
    connections: 10,
    requests: 200,
    bytes: 1000,
  });
});

test("max is a closed loop without a rate, and says what its latencies are", async () => {
  const { stdout } = await load(({ socket }) => socket.write(responseOf("hello")), {
    rate: "max",
    requests: "500",
    json: true,
  });
  const json = JSON.parse(stdout) as Json;
  expect(json).toMatchObject({ loop: "closed", ratePerSecond: null, requests: 500 });
  expect(json.warnings.map(({ code }) => code)).toContain("closed-loop-latency");
});

test("a rate above the capacity is reported with that capacity, and without latency", async () => {
  let free = 0;
  const { code, stdout } = await load(
    ({ socket }) => {
      // One after the other, 5 ms each: 200 a second at most.
      free = Math.max(free, performance.now()) + 5;
      setTimeout(() => socket.write(responseOf("ok")), free - performance.now());
    },
    { rate: "2000", requests: "400", json: true },
  );
  const json = JSON.parse(stdout) as Json;
  expect(code).toBe(2);
  expect(json.latencyUs).toBeNull();
  const overloaded = json.warnings.find((warning) => warning.code === "overloaded")!;
  const capacity = Number(/about ([\d.]+) a second/.exec(overloaded.message)![1]);
  expect(capacity).toBeGreaterThan(80);
  expect(capacity).toBeLessThanOrEqual(220);
});

test("where nothing is served there is no latency, and the exit code says so", async () => {
  const { code, stdout } = await load(
    ({ socket }) => socket.write(responseOf("no", "500 Internal Server Error")),
    {
      requests: "50",
      json: true,
    },
  );
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    latencyUs: null,
    errors: { status: 50 },
    reasons: [{ outcome: "status", reason: "500", count: 50 }],
    throughputPerSecond: 0,
  });
});

test("on a terminal there is progress on standard error and a distribution in the report", async () => {
  const { stdout, stderr } = await load(
    ({ socket }) => setTimeout(() => socket.write(responseOf("ok")), 2),
    { rate: "200", requests: "120" },
    true,
  );
  expect(stderr).toMatch(/\r\d+ of 120 requests \(\d+ %\)/);
  expect(stdout).toMatch(/ p99\.9 +\d/);
  expect(stdout).toMatch(/\|#+ *\| +\d/);
});

test("a port where nobody listens is an error with a hint", async () => {
  const server = await rawServer(() => undefined);
  server.kill();
  const streams = { stdout: { write: () => true }, stderr: { write: () => true } };
  const url = `http://127.0.0.1:${server.port}/`;
  await expect(loadCommand({ url }, streams, { processors: null, entry })).rejects.toMatchObject({
    code: "load",
    message: expect.stringContaining("refused the connection") as string,
  });
});

test("the report for people is the golden text", () => {
  const json = {
    url: "http://127.0.0.1:8080/users",
    loop: "open",
    ratePerSecond: 500,
    connections: 10,
    requests: 10_000,
    durationMs: 20_004.2,
    throughputPerSecond: 499.21,
    latencyUs: {
      p50: 812.3,
      p75: 950,
      p90: 1201,
      p95: 2400,
      p99: 11_230,
      p999: 30_400,
      max: 61_000,
      mean: 1034,
    },
    bytes: 10_240_000,
    errors: { status: 112, timeout: 0, connection: 2, body: 0 },
    reasons: [
      { outcome: "status", reason: "301 to /login", count: 100 },
      { outcome: "status", reason: "500", count: 12 },
      { outcome: "connection", reason: "it reset the connection", count: 2 },
    ],
    generator: { busyShare: 0.1, latenessP99Us: 900 },
    warnings: [{ code: "x", message: "Something to know." }],
  } as const;
  const histogram = [
    [45, 2000],
    [46, 5000],
    [48, 2900],
    [75, 100],
  ] as const;
  expect(reportText({ json, histogram }, true)).toMatchInlineSnapshot(`
    "http://127.0.0.1:8080/users
    10000 requests at 500/s on 10 connections in 20.00 s

      p50       812 us
      p75       950 us
      p90       1.2 ms
      p95       2.4 ms
      p99      11.2 ms
      p99.9    30.4 ms
      max        61 ms
      mean     1.03 ms

      throughput 499.2 requests/s, 1024 bytes each
      errors     112 status, 2 connection
                 100 x 301 to /login
                  12 x 500
                   2 x it reset the connection

       649 us -      1 ms |########################################|  70.00 %
         1 ms -   1.54 ms |#################                       |  29.00 %
      1.54 ms -   2.37 ms |                                        |   0.00 %
      2.37 ms -   3.65 ms |                                        |   0.00 %
      3.65 ms -   5.62 ms |                                        |   0.00 %
      5.62 ms -   8.66 ms |                                        |   0.00 %
      8.66 ms -   13.3 ms |                                        |   0.00 %
      13.3 ms -   20.5 ms |                                        |   0.00 %
      20.5 ms -   31.6 ms |                                        |   0.00 %
      31.6 ms -   48.7 ms |                                        |   0.00 %
      48.7 ms -     75 ms |#                                       |   1.00 %

    warning: Something to know.
    "
  `);
});
