import { launch } from "../../src/service/lifecycle/launch.js";
import { nowMs, SERVER, spread, withProgram } from "./made-up.js";

const LAUNCHES = 50;

/** Answers 503 until a while after it began to listen, as a service that warms up does. */
const WARMING = `
let since = 0;
const from = performance.timeOrigin + performance.now() + 150 + Math.random() * 50;
require("http").createServer((q, r) => {
  const now = performance.timeOrigin + performance.now();
  r.statusCode = now < from ? 503 : 200;
  r.end(JSON.stringify({ since: from }));
}).listen(process.env.PORT, "127.0.0.1");
`;

/** From when a service is ready, by its own clock, to when `launch` has said so; and how long stopping it takes. */
export async function measureStartAndStop(): Promise<void> {
  for (const [name, program] of Object.entries({
    "listens when ready": SERVER,
    "answers 503 until ready": WARMING,
  })) {
    await withProgram(program, async (options) => {
      const detectedMs: number[] = [];
      const stoppedMs: number[] = [];
      for (let n = 0; n < LAUNCHES; n++) {
        const service = await launch(options);
        const at = nowMs();
        const answer = (await (await fetch(`http://127.0.0.1:${service.port}/`)).json()) as { since: number };
        detectedMs.push(at - answer.since);
        const report = await service.stop();
        if (report.killed || report.left.length > 0 || !report.portFree)
          throw new Error(JSON.stringify(report));
        stoppedMs.push(report.durationMs);
      }
      console.log(`${name}: ready detected after ${spread(detectedMs, "ms")}`);
      console.log(`${name}: stopped after ${spread(stoppedMs, "ms")}`);
    });
  }
}
