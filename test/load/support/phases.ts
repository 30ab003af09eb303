import type { OpenPhase, Phase, RequestProfile, Target } from "../../../src/load/phase.js";

export const GET = { method: "GET", path: "/", headers: {}, body: null, capture: {} } as const;

export function profileOf(changes: Partial<RequestProfile> = {}): RequestProfile {
  return {
    protocol: "http1",
    requests: [GET],
    expect: { status: [], contains: null, bytes: null },
    connections: 2,
    connection: "keep-alive",
    timeoutMs: 1000,
    ...changes,
  };
}

export function targetOf(port: number, changes: Partial<Target> = {}): Target {
  return { arm: "service", host: "127.0.0.1", port, tls: false, ...changes };
}

export function closedPhase(
  port: number,
  requests: number,
  profile: Partial<RequestProfile> = {},
  target: Partial<Target> = {},
): Phase {
  return {
    loop: "closed",
    profile: profileOf(profile),
    targets: [targetOf(port, target)],
    requests,
    burstMs: 200,
    turns: [[0]],
  };
}

export function openPhase(
  port: number,
  requests: number,
  ratePerSecond: number,
  profile: Partial<RequestProfile> = {},
): OpenPhase {
  return {
    loop: "open",
    profile: profileOf(profile),
    targets: [targetOf(port)],
    requests,
    burstMs: 100,
    turns: [[0]],
    ratePerSecond,
    seed: 7,
  };
}
