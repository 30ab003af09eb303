import { expect, test } from "vitest";
import { loadExitCode } from "../../../src/commands/load/load.js";

const NONE = { status: 0, timeout: 0, connection: 0, body: 0 };
const LATENCY = { p50: 1, p75: 1, p90: 1, p95: 1, p99: 1, p999: 1, max: 1, mean: 1 };

test.each([
  ["all were served", { ...NONE }, LATENCY, null, 0],
  ["some failed, and nothing was said about that", { ...NONE, status: 999 }, LATENCY, null, 0],
  ["none was served", { ...NONE, status: 500, timeout: 500 }, null, null, 1],
  ["as many failed as may", { ...NONE, body: 10 }, LATENCY, 0.01, 0],
  ["one more failed than may", { ...NONE, body: 10, connection: 1 }, LATENCY, 0.01, 1],
  ["one failed, and none may", { ...NONE, timeout: 1 }, LATENCY, 0, 1],
  ["more was offered than can be served", { ...NONE, timeout: 5 }, null, null, 2],
  ["more was offered than can be served, and too many failed", { ...NONE, timeout: 50 }, null, 0.01, 1],
] as const)("where of 1,000 requests %s, the exit code follows", (_, errors, latencyUs, mostErrors, code) => {
  expect(loadExitCode({ requests: 1000, errors, latencyUs }, mostErrors)).toBe(code);
});
