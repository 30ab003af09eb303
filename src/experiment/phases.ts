import type { Numbering, OpenPhase, Phase, RequestProfile, RequestSet, Target } from "../load/phase.js";
import type { LoginPlan, ScenarioPlan } from "../model/scenario-plan.js";
import type { FixedLoad } from "../model/schedule.js";
import type { RunningService } from "../service/lifecycle/running-service.js";
import type { SentLoad } from "./sent-load.js";
import { arrivalSeed, burstTurns, type BlockPosition } from "./order.js";

export function targetOf(service: RunningService): Target {
  const { arm, host, name, port, socketPath, tls } = service;
  return { arm, host, ...(name === undefined ? {} : { name }), port, socketPath, tls };
}

function profileOf({ scenario, parts }: SentLoad): RequestProfile {
  const { connections, connection, timeoutMs, protocol = "http1" } = scenario.load;
  const weights = Object.values(scenario.mix ?? {});
  return {
    protocol,
    ...setOf(scenario),
    ...(parts.length === 0
      ? {}
      : { mix: parts.map((part, index) => ({ ...setOf(part), weight: weights[index]! })) }),
    connections,
    connection,
    timeoutMs,
  };
}

function setOf({ requests, expect, data }: ScenarioPlan): RequestSet {
  return data === undefined ? { requests, expect } : { requests, expect, data };
}

/** The requests of a login, which are sent once and one after the other. */
export function loginProfile(login: LoginPlan, timeoutMs: number): RequestProfile {
  const { protocol = "http1", ...set } = login;
  return { ...set, protocol, connections: 1, connection: "keep-alive", timeoutMs };
}

/** How many bursts a closed loop takes depends on the service; the turns repeat when it takes more than these. */
const CLOSED_TURNS = 1000;

/** Every connection busy all the time. */
export function closedPhase(
  sent: SentLoad,
  targets: readonly Target[],
  load: {
    readonly requests: number;
    readonly burstMs: number;
    readonly purpose: string;
    /** Ends it after this time, whatever is left. */
    readonly maximumMs?: number;
  },
  position: BlockPosition,
  numbering: Numbering,
): Phase {
  return {
    loop: "closed",
    profile: profileOf(sent),
    targets,
    numbering,
    requests: load.requests,
    ...(load.maximumMs === undefined ? {} : { maximumMs: load.maximumMs }),
    burstMs: load.burstMs,
    turns: burstTurns(targets.length, CLOSED_TURNS, position, `${load.purpose}/${sent.scenario.name}`),
  };
}

/** Seeded arrivals at the fixed rate. */
export function openPhase(
  sent: SentLoad,
  targets: readonly Target[],
  load: Pick<FixedLoad, "ratePerSecond" | "requests" | "burstMs">,
  position: BlockPosition,
  numbering: Numbering,
): OpenPhase {
  const bursts = Math.ceil((1.5 * load.requests * 1000) / load.ratePerSecond / load.burstMs);
  return {
    loop: "open",
    profile: profileOf(sent),
    targets,
    numbering,
    requests: load.requests,
    burstMs: load.burstMs,
    turns: burstTurns(targets.length, bursts, position, `open/${sent.scenario.name}`),
    ratePerSecond: load.ratePerSecond,
    seed: arrivalSeed(position, sent.scenario.name),
  };
}
