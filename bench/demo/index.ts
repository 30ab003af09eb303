import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import autocannon from "autocannon";
import { BASE_SERVER, HEAD_SERVER } from "../../src/demo/service.js";

/*
 * How much slower the demo's head really is, measured without Tailgate: fresh processes in turns, loaded by autocannon
 * with every connection busy, CPU from the kernel's own nanosecond counters of the process. Warm-up and requests are as
 * in the demo, because a process this young still pays for its compiler.
 */

const ROUNDS = 15;
const WARMUP = 500;
const REQUESTS = 300;
const CONNECTIONS = 10;

interface Round {
  /** Per request. */
  readonly cpuUs: number;
}

const folder = mkdtempSync(join(tmpdir(), "bench-demo-"));
try {
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "base.js"), BASE_SERVER);
  writeFileSync(join(folder, "head.js"), HEAD_SERVER);
  const rounds: { base: Round; head: Round }[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    // Which goes first alternates, so that neither has the better place.
    const [first, second] = i % 2 === 0 ? (["base", "head"] as const) : (["head", "base"] as const);
    const one = await round(first, 20_000 + 2 * i);
    const other = await round(second, 20_001 + 2 * i);
    rounds.push(first === "base" ? { base: one, head: other } : { base: other, head: one });
  }
  const ratios = rounds.map(({ base, head }) => head.cpuUs / base.cpuUs).sort((a, b) => a - b);
  const base = median(rounds.map((one) => one.base.cpuUs));
  const head = median(rounds.map((one) => one.head.cpuUs));
  console.log(
    `Node.js ${process.version}, CPU per request: base ${base.toFixed(0)} us, head ${head.toFixed(0)} us, ` +
      `change ${percent(median(ratios))} (rounds from ${percent(ratios[0]!)} to ${percent(ratios.at(-1)!)})`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function round(server: "base" | "head", port: number): Promise<Round> {
  const child = spawn(process.execPath, [`${server}.js`], {
    cwd: folder,
    env: { ...process.env, PORT: String(port) },
    stdio: "inherit",
  });
  const url = `http://127.0.0.1:${port}/orders`;
  try {
    await ready(url);
    await autocannon({ url, connections: CONNECTIONS, amount: WARMUP });
    const before = cpuUs(child);
    await autocannon({ url, connections: CONNECTIONS, amount: REQUESTS });
    return { cpuUs: (cpuUs(child) - before) / REQUESTS };
  } finally {
    child.kill("SIGKILL");
    await new Promise((gone) => child.once("exit", gone));
  }
}

async function ready(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (
      await fetch(url).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return;
    await new Promise((later) => setTimeout(later, 25));
  }
  throw new Error("the demo's server does not start");
}

/** Time on a processor of all threads, nanoseconds: first field of schedstat (Documentation/scheduler/sched-stats). */
function cpuUs(child: ChildProcess): number {
  const tasks = `/proc/${child.pid!}/task`;
  const times = readdirSync(tasks).map((task) =>
    Number(readFileSync(`${tasks}/${task}/schedstat`, "utf8").split(" ")[0]),
  );
  return times.reduce((sum, ns) => sum + ns, 0) / 1000;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 0 ? (sorted[middle - 1]! + sorted[middle]!) / 2 : sorted[Math.floor(middle)]!;
}

function percent(ratio: number): string {
  return `${((ratio - 1) * 100).toFixed(1)} %`;
}
