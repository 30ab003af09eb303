import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { capacityBurstMs } from "../../src/experiment/load-size.js";
import { summarizeSamples } from "../../src/load/samples/summarize-samples.js";
import { placementFor } from "../../src/service/lifecycle/placement.js";
import { readProcessors } from "../../src/service/lifecycle/processors.js";
import { median } from "../../src/stats/quantile.js";
import { phaseOf, withGenerator } from "../load/harness.js";
import { RIVALS, type Run } from "../load/rivals.js";
import { copyExample } from "./copy-example.js";
import { exampleOf, type Stack } from "./stack.js";

const CONNECTIONS = 10;
const SECONDS = 3;

/** Requests per second of one stack as each tool reads it, one reading a round. */
export interface Agreement {
  readonly stack: string;
  readonly readings: Readonly<Record<string, readonly number[]>>;
}

/**
 * Whether throughput is what everybody's tools read: bursts as in a block, with and without their drains, and other tools,
 * each for as long, in turn, on the same running service.
 */
export async function agreementOn(stack: Stack, rounds: number, databaseUrl: string): Promise<Agreement> {
  const folder = mkdtempSync(join(tmpdir(), "tailgate-agreement-"));
  const tools = RIVALS.filter(({ name, missing }) => missing === null && name !== "autocannon");
  const readings: Record<string, number[]> = {};
  const put = (tool: string, perSecond: number): void => {
    (readings[tool] ??= []).push(perSecond);
  };
  const service = await startedService(stack, folder, databaseUrl);
  try {
    const run: Run = { port: service.port, rate: null, seconds: SECONDS, connections: CONNECTIONS };
    await withGenerator(false, async (generator) => {
      const served = async (requests: number, burstMs: number) => {
        const phase = { ...phaseOf(run), requests, burstMs };
        return summarizeSamples((await generator.run(phase)).arms[0]!);
      };
      await served(500, 250);
      const found = await served(1000, 250);
      const capacity = found.capacityPerSecond ?? found.servedPerSecond;
      const requests = Math.round(capacity * SECONDS);
      const bursts = async (): Promise<void> => {
        const read = await served(requests, capacityBurstMs(CONNECTIONS, capacity));
        put("Tailgate", read.capacityPerSecond ?? 0);
        put("with drains", read.servedPerSecond);
      };
      const readers = [
        bursts,
        ...tools.map((tool) => async (): Promise<void> => {
          put(tool.name, (await tool.run(run))?.perSecond ?? NaN);
        }),
      ];
      for (let round = 0; round < rounds; round++) {
        // Whoever comes first after a pause meets another machine than the next: each is first equally often.
        const first = round % readers.length;
        for (const read of [...readers.slice(first), ...readers.slice(0, first)]) await read();
      }
    });
  } finally {
    service.child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
  return { stack: stack.name, readings };
}

/** Medians, and the median over rounds of Tailgate's reading over each tool's. */
export function agreementTable(agreements: readonly Agreement[]): string {
  const tools = [...new Set(agreements.flatMap(({ readings }) => Object.keys(readings)))];
  const others = tools.filter((tool) => tool !== "Tailgate");
  const rows = agreements.map(({ stack, readings }) => {
    const own = readings["Tailgate"]!;
    const perSecond = tools.map((tool) => median(readings[tool]!).toFixed(0));
    const ratios = others.map((tool) =>
      median(own.map((value, i) => value / readings[tool]![i]!)).toFixed(3),
    );
    return `| ${[stack, ...perSecond, ...ratios].join(" | ")} |`;
  });
  const heading = [
    "stack",
    ...tools.map((tool) => `${tool}, requests/s`),
    ...others.map((tool) => `to ${tool}`),
  ];
  return [
    `| ${heading.join(" | ")} |`,
    `| --- | ${heading
      .slice(1)
      .map(() => "---:")
      .join(" | ")} |`,
    ...rows,
  ].join("\n");
}

async function startedService(
  stack: Stack,
  folder: string,
  databaseUrl: string,
): Promise<{ readonly port: number; readonly child: ChildProcess }> {
  copyExample(exampleOf(stack), folder);
  const { service } = parse(readFileSync(join(folder, "tailgate.yml"), "utf8")) as {
    service: { build: string; start: string };
  };
  execFileSync("/bin/sh", ["-c", service.build], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  const port = await freePort();
  const start = `exec ${service.start.replaceAll("{port}", String(port))}`;
  const shell = ["/bin/sh", "-c", start];
  // As in a run: the load has a processor of its own.
  const processors = placementFor([stack.name], readProcessors(process.env)).processorsOf(stack.name, 1);
  const [command, ...rest] = processors === null ? shell : ["taskset", "-c", processors, ...shell];
  const child = spawn(command!, rest, {
    cwd: folder,
    env: { ...process.env, PORT: String(port), DATABASE_URL: databaseUrl },
    stdio: ["ignore", "ignore", "inherit"],
  });
  process.once("exit", () => child.kill("SIGKILL"));
  for (let tries = 0; tries < 300; tries++) {
    const response = await fetch(`http://127.0.0.1:${port}/`).catch(() => null);
    if (response?.ok === true) return { port, child };
    await sleep(100);
  }
  throw new Error(`${stack.name} did not start`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => {
        resolve(port);
      });
    });
  });
}
