import type { ScenarioPlan } from "../model/plan.js";
import type { Phase, RequestProfile, Target } from "../load/phase.js";
import type { RunningService } from "../service/lifecycle/running-service.js";
import { arrivalSeed, burstTurns } from "./order.js";
import type { FixedLoad } from "../model/schedule.js";

/** Where in an experiment a phase is: all of its randomness comes from here. */
export interface BlockPosition {
  readonly seed: number;
  readonly block: number;
  readonly attempt: number;
}

export function targetOf(service: RunningService): Target {
  return { arm: service.arm, host: service.host, port: service.port, tls: false };
}

export function profileOf(scenario: ScenarioPlan): RequestProfile {
  const { connections, connection, timeoutMs } = scenario.load;
  const { requests, expect } = scenario;
  return { protocol: "http1", requests, expect, connections, connection, timeoutMs };
}

/** Every connection busy all the time. */
export function closedPhase(
  scenario: ScenarioPlan,
  targets: readonly Target[],
  options: {
    readonly requests: number;
    readonly burstMs: number;
    readonly moment: BlockPosition;
    readonly purpose: string;
  },
): Phase {
  const { seed, block, attempt } = options.moment;
  // How many bursts it takes depends on the service; the turns repeat when it takes more.
  const turns = burstTurns(targets.length, 1000, seed, block, attempt, `${options.purpose}/${scenario.name}`);
  return {
    loop: "closed",
    profile: profileOf(scenario),
    targets,
    requests: options.requests,
    burstMs: options.burstMs,
    turns,
  };
}

/** Seeded arrivals at the fixed rate. */
export function openPhase(
  scenario: ScenarioPlan,
  targets: readonly Target[],
  load: Pick<FixedLoad, "ratePerSecond" | "requests" | "burstMs">,
  moment: BlockPosition,
): Phase {
  const { seed, block, attempt } = moment;
  const bursts = Math.ceil((1.5 * load.requests * 1000) / load.ratePerSecond / load.burstMs);
  return {
    loop: "open",
    profile: profileOf(scenario),
    targets,
    requests: load.requests,
    burstMs: load.burstMs,
    turns: burstTurns(targets.length, bursts, seed, block, attempt, `open/${scenario.name}`),
    ratePerSecond: load.ratePerSecond,
    seed: arrivalSeed(seed, block, attempt, scenario.name),
  };
}
