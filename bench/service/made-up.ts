import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { LaunchOptions } from "../../src/service/lifecycle/running-service.js";

/** A server that tells when it began to listen, works a little for each request, and ends when asked. */
export const SERVER = `
const { createHash } = require("crypto");
let since = 0;
require("http").createServer((q, r) => {
  if (q.url === "/work") { const h = createHash("sha256"); for (let i = 0; i < 200; i++) h.update("some work " + i); h.digest(); }
  r.end(JSON.stringify({ since }));
  if (q.url === "/end") setTimeout(() => process.exit(0), 300);
}).listen(process.env.PORT, "127.0.0.1", () => { since = performance.timeOrigin + performance.now(); });
`;

export const CLUSTER = `
const cluster = require("cluster");
if (cluster.isPrimary) for (let i = 0; i < 4; i++) cluster.fork(); else { ${SERVER} }
`;

/** Every request starts a program that works for some milliseconds. */
export const FORKING = `
const { execFile } = require("child_process");
require("http").createServer((q, r) => {
  if (q.url === "/end") setTimeout(() => process.exit(0), 300);
  if (q.url !== "/work") return r.end("{}");
  execFile("/bin/sh", ["-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"], () => r.end("{}"));
}).listen(process.env.PORT, "127.0.0.1");
`;

let runs = 0;

/** Runs with a folder that holds the program as server.cjs, and deletes it afterwards. */
export async function withProgram<T>(
  program: string,
  work: (options: LaunchOptions) => Promise<T>,
): Promise<T> {
  const checkout = mkdtempSync(join(tmpdir(), "tailgate-bench-"));
  writeFileSync(join(checkout, "server.cjs"), program);
  try {
    return await work({
      arm: "base",
      service: {
        build: null,
        start: `exec ${process.execPath} server.cjs`,
        cwd: ".",
        env: {},
        setup: null,
        reset: null,
        ready: { path: "/", timeoutMs: 20_000 },
        port: null,
        buildTimeoutMs: 1000,
      },
      checkout,
      environment: process.env,
      logFile: join(checkout, "logs", "base.log"),
      processors: null,
      runId: `bench${process.pid}-${++runs}`,
      readyStatus: [],
    });
  } finally {
    rmSync(checkout, { recursive: true, force: true });
  }
}

export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** Median, 95th percentile and largest, as text. */
export function spread(values: readonly number[], unit: string): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): string =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(1);
  return `p50 ${at(0.5)} ${unit}, p95 ${at(0.95)} ${unit}, max ${sorted.at(-1)!.toFixed(1)} ${unit} (n = ${sorted.length})`;
}

/** Sends requests one after another on a few connections. */
export async function send(port: number, requests: number, connections = 4): Promise<void> {
  let left = requests;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await (await fetch(`http://127.0.0.1:${port}/work`)).text();
  };
  await Promise.all(Array.from({ length: connections }, worker));
}
