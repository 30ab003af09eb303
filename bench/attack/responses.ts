import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";
import { generatorEntry } from "../../test/load/support/entry.js";
import { closedPhase } from "../../test/load/support/phases.js";
import { TailgateError } from "../../src/error.js";
import { startGenerator } from "../../src/load/generator/generator.js";
import type { LoadGenerator } from "../../src/load/phase.js";
import { summarizeSamples } from "../../src/load/samples/summarize-samples.js";
import { seededRandom } from "../../src/stats/random.js";
import { type Attack, below, oneOf, requireHeld } from "./attack.js";
import { mutatedBytes, mutatedText } from "./mutate.js";

const REQUESTS = 2;
const TIMEOUT_MS = 200;

const RESPONSES = [
  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
  "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n",
  "HTTP/1.0 200 OK\r\n\r\nok",
  "HTTP/1.1 204 No Content\r\n\r\n",
  "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok",
];

let server: Server | null = null;
let generator: LoadGenerator | null = null;
/** The seed of the try that is under way; the connection's number makes each response another one. */
let current = 0;

/** A server that sends bytes of its own making, against the load generator as it is published. */
export const RESPONSE_ATTACK: Attack = {
  name: "load",
  count: 1000,
  limitMs: 10_000,
  async begin() {
    generator = await startGenerator({ processors: null, entry: generatorEntry() });
    server = createServer((socket) => {
      let sent = 0;
      socket.on("error", () => undefined);
      socket.on("data", () => {
        const random = seededRandom(current, `response ${++sent}`);
        const response = responseOf(random);
        if (random() < 0.3) {
          const cut = below(response.length + 1, random);
          socket.write(response.subarray(0, cut));
          setTimeout(() => socket.write(response.subarray(cut)), 20);
        } else {
          socket.write(response);
        }
        if (random() < 0.2) socket.end();
        if (random() < 0.1) socket.destroy();
      });
    });
    await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  },
  async tryOnce(random, seed) {
    current = seed;
    const { port } = server!.address() as AddressInfo;
    const connection = random() < 0.5 ? "keep-alive" : "new";
    const phase = closedPhase(port, REQUESTS, { connections: 1, connection, timeoutMs: TIMEOUT_MS });
    try {
      const { arms } = await generator!.run(phase);
      const { errors, statuses, requests, latencyUs } = summarizeSamples(arms[0]!).measured;
      const failed = Object.values(errors).reduce((sum, count) => sum + count, 0);
      requireHeld(failed <= requests, `${failed} failures of ${requests} requests`);
      requireHeld(
        latencyUs === null || Object.values(latencyUs).every(Number.isFinite),
        "a latency that is no number",
      );
      requireHeld(Object.values(statuses).every(Number.isInteger), "a status that was counted in halves");
    } catch (error) {
      if (!(error instanceof TailgateError)) throw error;
    } finally {
      await generator!.disconnect();
    }
  },
  async end() {
    await generator!.stop();
    await new Promise((resolve) => server!.close(resolve));
  },
};

function responseOf(random: () => number): Buffer {
  const response = oneOf(RESPONSES, random);
  const text = random() < 0.6 ? mutatedText(response, random) : response;
  const bytes = Buffer.from(text, "latin1");
  return random() < 0.4 ? mutatedBytes(bytes, random) : bytes;
}
