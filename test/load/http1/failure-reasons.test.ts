import { afterAll, beforeAll, expect, test } from "vitest";
import { startGenerator } from "../../../src/load/generator/generator.js";
import type { LoadGenerator, Phase } from "../../../src/load/phase.js";
import { summarizeSamples } from "../../../src/load/samples/summarize-samples.js";
import { generatorEntry } from "../support/entry.js";
import { closedPhase } from "../support/phases.js";
import { rawServer, responseOf, type RawRequest } from "../support/raw-server.js";

let generator: LoadGenerator;

beforeAll(async () => {
  generator = await startGenerator({ processors: null, entry: generatorEntry() });
});

afterAll(() => generator.stop());

type Respond = (request: RawRequest) => void;

async function reasonsOf(
  respond: Respond,
  profile: Parameters<typeof closedPhase>[2] = {},
): Promise<string[]> {
  await using server = await rawServer(respond);
  const phase: Phase = closedPhase(server.port, 8, profile);
  const { arms } = await generator.run(phase);
  await generator.disconnect();
  return summarizeSamples(arms[0]!).reasons.map(
    ({ outcome, reason, count }) => `${count} ${outcome}: ${reason}`,
  );
}

const raw =
  (bytes: string): Respond =>
  ({ socket }) =>
    socket.write(bytes);

const LOCATION = "Location: /login?next=/\r\n";
const EXPECT = { status: [], contains: "needle", bytes: null };
// All at once: a service that is silent twice as long is given up.
const SHORT = { timeoutMs: 60, connections: 8 };

test.each<[string, Respond, Parameters<typeof closedPhase>[2], string[]]>([
  ["a redirect", raw(responseOf("", "301 Moved", LOCATION)), {}, ["8 status: 301 to /login"]],
  [
    "two statuses",
    ({ socket, index }) => socket.write(responseOf("", index % 4 === 3 ? "503 Busy" : "404 Not Found")),
    {},
    ["6 status: 404", "2 status: 503"],
  ],
  [
    "another text",
    raw(responseOf("hello")),
    { expect: EXPECT },
    ["8 body: the text of `expect.contains` is not in it"],
  ],
  [
    "more bytes than the length",
    raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhello"),
    {},
    ["8 body: more bytes than its Content-Length"],
  ],
  ["no response", () => undefined, SHORT, ["8 timeout: no response"]],
  [
    "neither length nor close",
    raw("HTTP/1.1 200 OK\r\n\r\nhello"),
    SHORT,
    ["8 timeout: no end of the response: neither length nor close"],
  ],
  [
    "a length that is never reached",
    raw("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhello"),
    SHORT,
    ["8 timeout: no end of the response: fewer bytes than its Content-Length"],
  ],
  [
    "a last chunk that never comes",
    raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
    SHORT,
    ["8 timeout: no end of the response: its last chunk did not come"],
  ],
  ["resets", ({ socket }) => socket.resetAndDestroy(), {}, ["8 connection: it reset the connection"]],
  [
    "half a body",
    ({ socket }) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhello"),
    {},
    ["8 body: the connection was closed in the middle of it"],
  ],
])("%s is told as the reason", async (_, respond, profile, reasons) => {
  expect(await reasonsOf(respond, profile)).toEqual(reasons);
});

test.each([
  ["with it", 0],
  ["after it was taken for complete", 20],
])("bytes that come %s are the reason of a response", async (_, laterMs) => {
  const respond: Respond = ({ socket, index }) => {
    // The last response comes late, so that the phase still runs when the other connections get more.
    if (index === 7) {
      setTimeout(() => socket.write(responseOf("a")), 100);
      return;
    }
    if (laterMs === 0) {
      socket.write(`${responseOf("a")}more`);
      return;
    }
    socket.write(responseOf("a"));
    setTimeout(() => socket.write("more"), laterMs);
  };
  const reasons = await reasonsOf(respond, { connections: 8 });
  expect(reasons).toEqual([expect.stringMatching(/^[1-7] body: more bytes than its Content-Length$/)]);
});
