import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  contentCodings,
  decompress,
  DECOMPRESSED_LIMIT_BYTES,
} from "../../../src/load/connections/content-encoding.js";
import { startGenerator } from "../../../src/load/generator/generator.js";
import { summarizeSamples, type LoadSummary } from "../../../src/load/samples/summarize-samples.js";
import type { LoadGenerator, RequestProfile } from "../../../src/load/phase.js";
import { generatorEntry } from "../support/entry.js";
import { closedPhase, GET } from "../support/phases.js";
import { responseOf, rawServer } from "../support/raw-server.js";

const TEXT = Buffer.from(`{"id":42,"name":"needle"}${" ".repeat(5000)}`);
const NONE = { status: 0, timeout: 0, connection: 0, body: 0 };

const COMPRESSED: readonly (readonly [string, Buffer])[] = [
  ["gzip", gzipSync(TEXT)],
  ["X-GZIP", gzipSync(TEXT)],
  ["deflate", deflateSync(TEXT)],
  ["deflate", deflateRawSync(TEXT)],
  ["br", brotliCompressSync(TEXT)],
  ["deflate, gzip", gzipSync(deflateSync(TEXT))],
];

let generator: LoadGenerator;

beforeAll(async () => {
  generator = await startGenerator({ processors: null, entry: generatorEntry() });
});

afterAll(() => generator.stop());

/** 20 requests, each with `body` under `coding` as its response. */
async function load(coding: string, body: Buffer, profile: Partial<RequestProfile>): Promise<LoadSummary> {
  await using server = await rawServer(({ socket, text }) => {
    if (text.startsWith("GET /42")) {
      socket.write(responseOf("second"));
      return;
    }
    socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`);
    socket.write(body);
  });
  const { arms } = await generator.run(closedPhase(server.port, 20, profile));
  await generator.disconnect();
  return summarizeSamples(arms[0]!);
}

const expecting = (contains: string) => ({ expect: { status: [], contains, bytes: null } });

test.each([
  [["Content-Type", "text/plain"], []],
  [["content-encoding", "GZip"], ["gzip"]],
  [
    ["Content-Encoding", "deflate , gzip", "Content-Encoding", "br"],
    ["deflate", "gzip", "br"],
  ],
  [["Content-Encoding", "identity,,"], []],
])("the codings of %j are %j", (headers, codings) => {
  expect(contentCodings(headers)).toEqual(codings);
});

test.each(COMPRESSED)(
  "expected text is found in a body compressed with %s, and its size is as sent",
  async (coding, body) => {
    const seen = await load(coding, body, expecting("needle"));
    expect(seen.measured).toMatchObject({ errors: NONE, bytesPerResponse: body.length });
    expect((await load(coding, body, expecting("nowhere"))).measured.errors).toEqual({ ...NONE, body: 20 });
  },
);

test("a value is captured from a compressed body", async () => {
  const requests = [
    { ...GET, capture: { id: { from: "json", path: ["id"] } } },
    { ...GET, path: "/{id}" },
  ] as const;
  expect((await load("gzip", gzipSync(TEXT), { requests })).measured).toMatchObject({
    requests: 20,
    errors: NONE,
  });
});

test.each([
  ["a coding that is not known", "zstd", TEXT],
  ["bytes that are not compressed at all", "gzip", TEXT],
  ["half of what was compressed", "gzip", gzipSync(TEXT).subarray(0, 30)],
  ["nothing", "br", Buffer.alloc(0)],
  ["a few bytes that stand for 100 MB", "gzip", gzipSync(Buffer.alloc(100 << 20))],
])("%s is an error of the body where text is expected in it, and none where not", async (_, coding, body) => {
  expect((await load(coding, body, expecting("needle"))).measured.errors).toEqual({ ...NONE, body: 20 });
  expect((await load(coding, body, {})).measured.errors).toEqual(NONE);
});

test("decompressing has a limit, and so has compressing what is compressed", () => {
  expect(decompress(gzipSync(Buffer.alloc(DECOMPRESSED_LIMIT_BYTES)), ["gzip"])?.length).toBe(
    DECOMPRESSED_LIMIT_BYTES,
  );
  expect(decompress(gzipSync(Buffer.alloc(DECOMPRESSED_LIMIT_BYTES + 1)), ["gzip"])).toBeNull();
  expect(decompress(gzipSync(gzipSync(gzipSync(TEXT))), ["gzip", "gzip", "gzip"])).toBeNull();
});

test("decompressing is no part of the latency", async () => {
  // 16 MiB take tens of milliseconds to decompress; the compressed bytes are sent at once.
  const body = gzipSync(Buffer.concat([Buffer.from("needle"), Buffer.alloc(DECOMPRESSED_LIMIT_BYTES - 6)]));
  const { arms } = await (async () => {
    await using server = await rawServer(({ socket }) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`);
      socket.write(body);
    });
    return await generator.run(closedPhase(server.port, 10, { ...expecting("needle"), connections: 1 }));
  })();
  await generator.disconnect();
  const { sentUs, latencyUs } = arms[0]!;
  const respondingUs = latencyUs.reduce((sum, us) => sum + us, 0);
  const betweenUs = sentUs.at(-1)! - sentUs[0]! - respondingUs;
  expect(summarizeSamples(arms[0]!).measured.errors).toEqual(NONE);
  expect(betweenUs).toBeGreaterThan(respondingUs);
});
