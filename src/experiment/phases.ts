import type { OpenPhase, Phase, RequestProfile, Target } from "../load/phase.js";
import type { ScenarioPlan } from "../model/plan.js";
import type { FixedLoad } from "../model/schedule.js";
import type { RunningService } from "../service/lifecycle/running-service.js";
import { arrivalSeed, burstTurns, type BlockPosition } from "./order.js";

export function targetOf(service: RunningService): Target {
  const { arm, host, port, socketPath, tls } = service;
  return { arm, host, port, socketPath, tls };
}

function profileOf(scenario: ScenarioPlan): RequestProfile {
  const { requests, expect } = scenario;
  const { connections, connection, timeoutMs } = scenario.load;
  return { protocol: "http1", requests, expect, connections, connection, timeoutMs };
}

/** How many bursts a closed loop takes depends on the service; the turns repeat when it takes more than these. */
const CLOSED_TURNS = 1000;

/** Every connection busy all the time. */
export function closedPhase(
  scenario: ScenarioPlan,
  targets: readonly Target[],
  load: {
    readonly requests: number;
    readonly burstMs: number;
    readonly purpose: string;
    /** Ends it after this time, whatever is left. */
    readonly maximumMs?: number;
  },
  position: BlockPosition,
): Phase {
  return {
    loop: "closed",
    profile: profileOf(scenario),
    targets,
    requests: load.requests,
    ...(load.maximumMs === undefined ? {} : { maximumMs: load.maximumMs }),
    burstMs: load.burstMs,
    turns: burstTurns(targets.length, CLOSED_TURNS, position, `${load.purpose}/${scenario.name}`),
  };
}

/** Seeded arrivals at the fixed rate. */
export function openPhase(
  scenario: ScenarioPlan,
  targets: readonly Target[],
  load: Pick<FixedLoad, "ratePerSecond" | "requests" | "burstMs">,
  position: BlockPosition,
): OpenPhase {
  const bursts = Math.ceil((1.5 * load.requests * 1000) / load.ratePerSecond / load.burstMs);
  return {
    loop: "open",
    profile: profileOf(scenario),
    targets,
    requests: load.requests,
    burstMs: load.burstMs,
    turns: burstTurns(targets.length, bursts, position, `open/${scenario.name}`),
    ratePerSecond: load.ratePerSecond,
    seed: arrivalSeed(position, scenario.name),
  };
}
