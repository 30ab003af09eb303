import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { seededRandom } from "../../src/stats/random.js";
import { startServer } from "./server.js";

/*
 * The way there and back: what a client sees of a response that takes the server no time. Its tail is the machine's. It
 * is measured by a client of its own, a bare socket without HTTP, so that no generator is held against itself.
 */

const REQUESTS = 2000;

/** Ways there and back at this rate, ascending, milliseconds, from processor 0 to a server on processor 1. */
export async function measureWays(rate: number): Promise<Float64Array> {
  const server = await startServer("2");
  const self = fileURLToPath(import.meta.url);
  const child = spawn("taskset", ["-c", "0", process.execPath, self, "--way", `${server.port}`, `${rate}`], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    serialization: "advanced",
  });
  const [waysMs] = (await once(child, "message")) as [Float64Array];
  server.stop();
  return waysMs;
}

/** What a client sees, ascending, of responses that were with the server for `takenMs`: each comes by some way. */
export function alongWays(takenMs: Float64Array, waysMs: Float64Array): Float64Array {
  const random = seededRandom(1, "along");
  return takenMs.map((ms) => ms + waysMs[Math.floor(random() * waysMs.length)]!).sort();
}

/** One request at a time on one connection, with exponential gaps; tells its parent how long each took. */
export async function walk(port: number, rate: number): Promise<void> {
  const socket = connect(port, "127.0.0.1").setNoDelay(true);
  await once(socket, "connect");
  const random = seededRandom(1, "way");
  const waysMs = new Float64Array(REQUESTS);
  for (let i = 0; i < REQUESTS; i++) {
    await new Promise((resolve) => setTimeout(resolve, (-Math.log1p(-random()) * 1000) / rate));
    const startMs = performance.now();
    socket.write("GET / HTTP/1.1\r\n\r\n");
    await new Promise<void>((resolve) => {
      socket.once("data", () => {
        waysMs[i] = performance.now() - startMs;
        resolve();
      });
    });
  }
  socket.destroy();
  process.send!(waysMs.sort(), () => {
    process.disconnect();
  });
}
