import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Pool } from "../../../src/load/connections/pool.js";
import { requireAbilities } from "../../../src/load/require-abilities.js";
import type { Phase, PhaseResult } from "../../../src/load/phase.js";
import { OUTCOMES } from "../../../src/load/samples/samples.js";
import { runPhase } from "../../../src/load/scheduler/run-phase.js";
import { memoryDriver, type MemoryService } from "../support/memory-driver.js";
import { closedPhase, GET, openPhase, profileOf, targetOf } from "../support/phases.js";

/*
 * The scheduler, the pool and the recorder with a driver that has no sockets, on a clock that stands still between
 * timers: every latency is known to the microsecond.
 */

const ENDPOINT = {
  address: "memory",
  port: 1,
  socketPath: null,
  tls: false,
  serverName: null,
  authority: "memory",
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
});

afterEach(() => {
  vi.useRealTimers();
});

async function run(phase: Phase, ...services: readonly MemoryService[]): Promise<PhaseResult> {
  const pools = services.map(
    (service, i) => new Pool(phase.targets[i]!, memoryDriver(service).clientOf(ENDPOINT), phase.profile),
  );
  const running = runPhase(phase, pools, {
    onProgress: () => undefined,
    signal: new AbortController().signal,
    mayWaitAwake: false,
  });
  const over = running.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([over, vi.advanceTimersByTimeAsync(50).then(() => false)])));
  return running;
}

/** Latencies in milliseconds, to the nanosecond. */
function latenciesMs({ arms }: PhaseResult, arm = 0): number[] {
  return [...arms[arm]!.latencyUs].map((us) => Math.round(us * 1000) / 1e6);
}

test.each([
  ["an open loop", openPhase(1, 40, 100, { connections: 50 })],
  ["a closed loop", closedPhase(1, 40, { connections: 2 })],
])("in %s the latencies of every arm are those that its driver took", async (_, phase) => {
  const targets = [targetOf(1, { arm: "a" }), targetOf(2, { arm: "b" })];
  const result = await run(
    {
      ...phase,
      targets,
      turns: [
        [0, 1],
        [1, 0],
      ],
    },
    () => ({ latencyMs: 3 }),
    () => ({ latencyMs: 5 }),
  );
  expect(result.arms.map(({ arm }) => arm)).toEqual(["a", "b"]);
  expect(latenciesMs(result, 0)).toEqual(Array(40).fill(3));
  expect(latenciesMs(result, 1)).toEqual(Array(40).fill(5));
});

test("a request that finds every connection busy is charged from its intended time", async () => {
  const phase = { ...openPhase(1, 60, 80, { connections: 1 }), burstMs: 10_000 };
  const result = await run(phase, () => ({ latencyMs: 10 }));
  const { intendedUs, sentUs, queued } = result.arms[0]!;
  // One connection: each request leaves when it is due and the one before it is done.
  let freeUs = -Infinity;
  const expected = [...intendedUs].map((us, i) => {
    const waits = us < freeUs;
    expect(queued[i]).toBe(waits ? 1 : 0);
    const startUs = waits ? freeUs : sentUs[i]!;
    freeUs = startUs + 10_000;
    return Math.round((freeUs - (waits ? us : startUs)) * 1000) / 1e6;
  });
  expect(latenciesMs(result)).toEqual(expected);
  expect(queued.filter((waited) => waited === 1).length).toBeGreaterThan(10);
});

test("what waits longer than its timeout is a timeout at the timeout's value", async () => {
  const phase = openPhase(1, 3, 1000, { connections: 1, timeoutMs: 100 });
  const result = await run(phase, () => ({ latencyMs: 500 }));
  expect([...result.arms[0]!.outcome].map((code) => OUTCOMES[code])).toEqual(Array(3).fill("timeout"));
  expect(latenciesMs(result)).toEqual(Array(3).fill(100));
});

test("a lost connection is an error of its request, and the next one gets a new connection", async () => {
  let requests = 0;
  const phase = closedPhase(1, 4, { connections: 1 });
  const result = await run(phase, () => (++requests === 2 ? { lostAfterMs: 1 } : { latencyMs: 2 }));
  const [arm] = result.arms;
  expect([...arm!.outcome].map((code) => OUTCOMES[code])).toEqual(["ok", "connection", "ok", "ok"]);
  expect(arm!.reconnects).toBe(1);
});

test("a sequence is one sample over any driver, with values of one response in the next request", async () => {
  const asked: string[] = [];
  const requests = [
    { ...GET, path: "/login", capture: { id: { from: "json", path: ["id"] } } },
    { ...GET, path: "/users/{id}" },
  ] as const;
  const result = await run(closedPhase(1, 2, { requests, connections: 1 }), (path) => {
    asked.push(path);
    return { latencyMs: 4, body: '{"id":7}' };
  });
  expect(asked).toEqual(["/login", "/users/7", "/login", "/users/7"]);
  expect(latenciesMs(result)).toEqual([8, 8]);
});

test("a captured value that cannot be sent is an error of the body, and no request is lost by it", async () => {
  const requests = [
    { ...GET, path: "/login", capture: { id: { from: "json", path: ["id"] } } },
    { ...GET, path: "/users/{id}" },
  ] as const;
  const result = await run(closedPhase(1, 3, { requests, connections: 1 }), () => ({
    latencyMs: 1,
    body: '{"id":"unsendable"}',
  }));
  expect([...result.arms[0]!.outcome].map((code) => OUTCOMES[code])).toEqual(Array(3).fill("body"));
});

test("what a driver cannot do is refused in one sentence before anything is sent", () => {
  const driver = memoryDriver(() => ({ latencyMs: 1 }), {
    tls: false,
    connections: ["keep-alive"],
    sequences: false,
  });
  const target = targetOf(1, { tls: true });
  const profile = profileOf({ connection: "new", requests: [GET, GET] });
  expect(() => {
    requireAbilities(driver, target, profile);
  }).toThrow(
    '"service" cannot be loaded as planned: over http1 there is no support for ' +
      "TLS and `connection: new` and sequences of requests.",
  );
  expect(() => {
    requireAbilities(driver, targetOf(1), profileOf());
  }).not.toThrow();
});
