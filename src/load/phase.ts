import type { GeneratorHealth } from "../model/block.js";
import type { Expectation, RequestPlan } from "../model/plan.js";
import type { Protocol } from "./driver.js";
import type { ArmSamples } from "./samples/samples.js";

/** Where an arm listens. */
export interface Target {
  readonly arm: string;
  /** `127.0.0.1`, `::1`, or for `tailgate load` any host. */
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/** What every request of a phase looks like. */
export interface RequestProfile {
  readonly protocol: Protocol;
  readonly requests: readonly RequestPlan[];
  readonly expect: Expectation;
  /** Where the files lie that the requests name, absolute; each is there and can be read. */
  readonly files?: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly connection: "keep-alive" | "new";
  readonly timeoutMs: number;
}

/** Requests that the generator sends to its targets in turns. It gives back one `ArmSamples` per target. */
export type Phase = {
  readonly profile: RequestProfile;
  readonly targets: readonly Target[];
  /** Requests per target. */
  readonly requests: number;
  /** Length of a burst. The next target's burst begins when every response of this one is back. */
  readonly burstMs: number;
  /**
   * For each burst in turn the order in which targets (by index) take it; when it is shorter than the number of
   * bursts it is repeated. Drawn by the experiment, so that order and load come from one recorded seed.
   */
  readonly turns: readonly (readonly number[])[];
} & (
  | {
      /** Arrival rate: seeded exponential gaps, the same sequence for every target. */
      readonly loop: "open";
      readonly ratePerSecond: number;
      readonly seed: number;
    }
  | {
      /** Capacity: every connection busy all the time. */
      readonly loop: "closed";
      /** Ends a target's part after this time under load although requests are left; those are not in its samples. */
      readonly maximumMs?: number;
    }
);

export type OpenPhase = Phase & { readonly loop: "open" };

export interface PhaseResult {
  readonly arms: readonly ArmSamples[];
  readonly health: GeneratorHealth;
}

/** One generator process. It serves all arms of a block, so that all meet the same generator. */
export interface LoadGenerator {
  /** Runs a phase to its end, until every response is back. Rejects with a `load` TailgateError when a target is gone. */
  run(phase: Phase, signal?: AbortSignal, onProgress?: (ended: number) => void): Promise<PhaseResult>;
  /** Closes all connections to these targets, so that services can be stopped without resets. */
  disconnect(): Promise<void>;
  stop(): Promise<void>;
  readonly pid: number;
  /** Processors it was placed on; `null` where that was not asked for or not possible. */
  readonly processors: string | null;
}
