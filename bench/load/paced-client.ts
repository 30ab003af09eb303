import { createRequire } from "node:module";
import { timed, type Rival } from "./rivals.js";

/*
 * autocannon's own client sent at random times, as Tailgate's is, and nothing else: no checks, no record. autocannon
 * itself sends all of a second's requests at its start, so most of its responses are read in one go; a generator that
 * keeps to the times of a plan wakes up for nearly every request and every response. This is the price of that alone.
 */
const SCRIPT = `
  const Client = require(process.argv[1]);
  const [port, rate, seconds, connections] = process.argv.slice(2).map(Number);
  const count = rate * seconds;
  const idle = [];
  let opened = 0, sent = 0, responded = 0, cpu, dueMs;
  const gapMs = () => (-Math.log(1 - Math.random()) * 1000) / rate;
  const wait = () => setTimeout(turn, Math.max(1, Math.ceil(dueMs - performance.now())));
  const turn = () => {
    for (const nowMs = performance.now(); sent < count && dueMs <= nowMs && idle.length > 0; dueMs += gapMs()) {
      sent++;
      Client.prototype._doRequest.call(idle.shift());
    }
    if (sent < count) wait();
  };
  const done = () => {
    const { user, system } = process.cpuUsage(cpu);
    console.log(JSON.stringify({ requests: count, cpuUs: user + system }));
    process.exit();
  };
  for (let i = 0; i < connections; i++) {
    const setupClient = (fresh) => { fresh._doRequest = () => undefined; };
    const requests = [{ method: "GET", path: "/" }];
    const client = new Client({ hostname: "127.0.0.1", port, protocol: "http:", requests, setupClient });
    client.on("response", () => { idle.push(client); if (++responded === count) done(); });
    client.conn.once("connect", () => {
      idle.push(client);
      if (++opened < connections) return;
      cpu = process.cpuUsage();
      dueMs = performance.now();
      wait();
    });
  }`;

export const pacedClient: Rival = {
  name: "autocannon's client at random times",
  missing: null,
  async run({ port, rate, seconds, connections }) {
    if (rate === null) return null;
    const path = createRequire(import.meta.url).resolve("autocannon/lib/httpClient.js");
    const { out } = await timed(process.execPath, [
      "-e",
      SCRIPT,
      path,
      ...[port, rate, seconds, connections].map(String),
    ]);
    const { requests, cpuUs } = JSON.parse(out) as { requests: number; cpuUs: number };
    return {
      ...{ p50: null, p95: null, p99: null, p999: null },
      ...{ perSecond: requests / seconds, requests, cpuUsPerRequest: cpuUs / requests },
    };
  },
};
