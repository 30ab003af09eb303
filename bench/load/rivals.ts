import { execFile, execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { sum } from "../../src/stats/sum.js";

/** What a tool says of one run; times in milliseconds, `null` where it does not say. */
export interface Reading {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  readonly perSecond: number;
  readonly requests: number;
  readonly cpuUsPerRequest: number;
}

export interface Run {
  readonly port: number;
  /** `null`: as much as it can. */
  readonly rate: number | null;
  readonly seconds: number;
  readonly connections: number;
}

/** The processor that every generator gets; the server has the other. */
const PLACE = ["-c", "0"];

export interface Rival {
  readonly name: string;
  /** Why it is left out; `null` if it can run. */
  readonly missing: string | null;
  /** `null`: it cannot do this. */
  run(run: Run): Promise<Reading | null>;
}

/** Whether a command is installed. */
export function has(command: string): boolean {
  try {
    execFileSync(command, ["--version"], { stdio: "ignore" });
    return true;
  } catch (error) {
    // wrk knows no --version and says so with exit code 1.
    return (error as NodeJS.ErrnoException).code !== "ENOENT";
  }
}

/** Standard output, and the CPU seconds of the whole command as bash counts them. */
export async function timed(
  command: string,
  args: readonly string[],
): Promise<{ out: string; cpuS: number }> {
  const script = 'TIMEFORMAT="cpu %U %S"; time "$@"';
  const all = ["-c", script, "bash", "taskset", ...PLACE, command, ...args];
  return new Promise((resolve, reject) => {
    execFile("bash", all, { maxBuffer: 1 << 26 }, (error, out, errors) => {
      const match = /cpu ([\d.]+) ([\d.]+)/.exec(errors);
      if (match === null) reject(error ?? new Error(errors));
      else resolve({ out, cpuS: Number(match[1]) + Number(match[2]) });
    });
  });
}

const AUTOCANNON = `
  const autocannon = require(process.argv[1]);
  const [port, rate, seconds, connections] = process.argv.slice(2).map(Number);
  const cpu = process.cpuUsage();
  const options = { url: "http://127.0.0.1:" + port, connections, duration: seconds };
  if (rate > 0) options.overallRate = rate;
  autocannon(options).then(({ latency, requests }) => {
    const { user, system } = process.cpuUsage(cpu);
    console.log(JSON.stringify({ latency, requests, cpuUs: user + system }));
  });`;

const autocannon: Rival = {
  name: "autocannon",
  missing: null,
  async run({ port, rate, seconds, connections }) {
    const path = createRequire(import.meta.url).resolve("autocannon");
    const args = ["-e", AUTOCANNON, path, port, rate ?? 0, seconds, connections].map(String);
    const { out } = await timed(process.execPath, args);
    const { latency, requests, cpuUs } = JSON.parse(out) as {
      latency: { p50: number; p97_5: number; p99: number; p99_9: number };
      requests: { total: number };
      cpuUs: number;
    };
    const total = requests.total;
    // It has no p95.
    return {
      ...{ p50: latency.p50, p95: null, p99: latency.p99, p999: latency.p99_9 },
      ...{ perSecond: total / seconds, requests: total, cpuUsPerRequest: cpuUs / total },
    };
  },
};

const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000 };

const wrk: Rival = {
  name: "wrk",
  missing: has("wrk") ? null : "wrk is not installed (apt-get install wrk)",
  async run({ port, rate, seconds, connections }) {
    if (rate !== null) return null;
    const { out, cpuS } = await timed("wrk", [
      ...["-t1", `-c${connections}`, `-d${seconds}`, "--latency", `http://127.0.0.1:${port}/`],
    ]);
    const at = (percent: string): number | null => {
      const match = new RegExp(`^\\s+${percent}%\\s+([\\d.]+)(us|ms|s)$`, "m").exec(out);
      return match === null ? null : Number(match[1]) * UNITS[match[2]!]!;
    };
    const requests = Number(/(\d+) requests in/.exec(out)![1]);
    return {
      ...{ p50: at("50"), p95: null, p99: at("99"), p999: null },
      ...{ perSecond: requests / seconds, requests, cpuUsPerRequest: (cpuS * 1e6) / requests },
    };
  },
};

/** Responses of any status that oha counted, from what it printed as JSON. */
export function ohaResponses(out: string): number {
  const { statusCodeDistribution } = JSON.parse(out) as { statusCodeDistribution: Record<string, number> };
  return sum(Object.values(statusCodeDistribution));
}

const oha: Rival = {
  name: "oha",
  missing: has("oha") ? null : "oha is not installed (cargo install oha --locked)",
  async run({ port, rate, seconds, connections }) {
    const { out, cpuS } = await timed("oha", [
      ...["--no-tui", "--output-format", "json", "-z", `${seconds}s`, "-c", String(connections)],
      ...(rate === null ? [] : ["-q", String(rate), "--latency-correction"]),
      `http://127.0.0.1:${port}/`,
    ]);
    const { latencyPercentiles: latency } = JSON.parse(out) as {
      latencyPercentiles: Record<string, number | null>;
    };
    const requests = ohaResponses(out);
    const ms = (name: string): number | null => (latency[name] == null ? null : latency[name] * 1000);
    return {
      ...{ p50: ms("p50"), p95: ms("p95"), p99: ms("p99"), p999: ms("p99.9") },
      ...{ perSecond: requests / seconds, requests, cpuUsPerRequest: (cpuS * 1e6) / requests },
    };
  },
};

export const RIVALS: readonly Rival[] = [autocannon, wrk, oha];
