import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { quantileSorted } from "../src/stats/quantile.js";
import { seededRandom } from "../src/stats/random.js";
import { startServer } from "./load-server.js";

/*
 * The way there and back: what a client sees of an answer that takes the server no time. It is measured by a client of
 * its own, a bare socket without HTTP, so that no generator is held against itself.
 */

const REQUESTS = 1000;

/** Median way there and back at this rate, milliseconds, from processor 0 to a server on processor 1. */
export async function wayMs(rate: number): Promise<number> {
  const server = await startServer("2");
  const self = fileURLToPath(import.meta.url);
  const child = spawn("taskset", ["-c", "0", process.execPath, self, "--way", `${server.port}`, `${rate}`], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const [median] = (await once(child, "message")) as [number];
  server.stop();
  return median;
}

/** One request at a time on one connection, with exponential gaps; tells its parent the median. */
export async function measureWay(port: number, rate: number): Promise<void> {
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
  process.send!(quantileSorted(waysMs.sort(), 0.5), () => {
    process.disconnect();
  });
}
