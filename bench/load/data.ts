import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { tabulate } from "../../src/load/data/tabulate.js";
import type { Phase } from "../../src/load/phase.js";
import { phaseOf, row, table, WAITS_AWAKE, withGenerator } from "./harness.js";
import { startServer } from "./server.js";

const ROWS = 1_000_000;
const REQUESTS = 200_000;

function* lines(): Generator<string> {
  yield "id,name,email,city\n";
  for (let id = 0; id < ROWS; id++) yield `${id},"Name ${id}",user${id}@example.com,City ${id % 977}\n`;
}

/** What a data file of a million rows costs: time once, memory of both processes, CPU for each request. */
export async function data(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tailgate-bench-"));
  const server = await startServer("2");
  try {
    const [source, tablePath] = [join(folder, "users.csv"), join(folder, "table")];
    await pipeline(lines, createWriteStream(source));
    const residentBefore = process.memoryUsage().rss;
    const startedMs = performance.now();
    await tabulate(source, "users.csv", tablePath);
    const tabulateMs = performance.now() - startedMs;
    const highest = process.resourceUsage().maxRSS * 1024 - residentBefore;
    table("A data file of 1,000,000 rows", "what", "figure");
    row("size of the file, MB", (statSync(source).size / 1e6).toFixed(0));
    row("made a table once, s", (tabulateMs / 1000).toFixed(1));
    row("more memory meanwhile, MB", (highest / 1e6).toFixed(0));

    await withGenerator(WAITS_AWAKE, async (generator) => {
      const residentMb = (name: string): number => {
        const status = readFileSync(`/proc/${generator.pid}/status`, "utf8");
        return Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)![1]) / 1024;
      };
      const phase = phaseOf({ port: server.port, rate: null, seconds: 120, connections: 10 });
      const plain = { ...phase, requests: REQUESTS };
      const [request] = phase.profile.requests;
      const filled: Phase = {
        ...plain,
        profile: {
          ...phase.profile,
          requests: [{ ...request!, path: "/{id}/{email}" }],
          data: "users.csv",
          tables: { "users.csv": tablePath },
        },
      };
      const cpuUs = async (of: Phase): Promise<string> =>
        ((await generator.run(of)).health.cpuUs / REQUESTS).toFixed(1);
      await cpuUs(plain);
      const [withoutData, before] = [await cpuUs(plain), residentMb("VmHWM")];
      const withData = await cpuUs(filled);
      row("more memory of the generator, MB", (residentMb("VmHWM") - before).toFixed(0));
      row("CPU us a request without a row", withoutData);
      row("CPU us a request with a row", withData);
    });
  } finally {
    server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
