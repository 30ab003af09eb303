import type { GeneratorHealth } from "../model/block.js";
import type { Expectation, RequestPlan } from "../model/plan.js";

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
  readonly requests: readonly RequestPlan[];
  readonly expect: Expectation;
  readonly connections: number;
  readonly connection: "keep-alive" | "new";
  readonly timeoutMs: number;
}

/** Requests that the generator sends to its targets in turns; the answer is one `ArmSamples` per target. */
export type Phase = {
  readonly profile: RequestProfile;
  readonly targets: readonly Target[];
  /** Requests per target. */
  readonly requests: number;
  /** Length of a burst; the next target's burst begins when every answer of this one is back. */
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

/** How a request ended. The index in this list is its code in `ArmSamples.outcome`. */
export const OUTCOMES = ["ok", "status", "timeout", "connection", "body"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/**
 * Raw samples of one target, one entry a request in the order of intended start; times in microseconds since
 * the phase began.
 */
export interface ArmSamples {
  readonly arm: string;
  readonly intendedUs: Float64Array;
  /** When the request was written; NaN if it never was. */
  readonly sentUs: Float64Array;
  /** When the answer was complete; for a timeout exactly the timeout after it was written (or intended, if it never was). */
  readonly doneUs: Float64Array;
  /** Status code of the (last) answer; 0 where there was none. */
  readonly status: Uint16Array;
  /** Bytes of the answer's body as sent, without chunk framing. */
  readonly bytes: Float64Array;
  /** Index into `OUTCOMES`. */
  readonly outcome: Uint8Array;
  /** 1 where every connection was busy at the intended time, so that latency counts from then. */
  readonly queued: Uint8Array;
  /**
   * 1 for the first request of each keep-alive connection that the phase began with, which is warm-up and no latency
   * sample. Connections opened later, because the service closed one, are the service's own doing and count.
   */
  readonly firstOnConnection: Uint8Array;
  readonly reconnects: number;
  /**
   * Time this target was under load: the sum of its bursts, each from its start to its last answer, and in an open
   * loop at least to the burst's planned end.
   */
  readonly activeMs: number;
  /**
   * Time it took to send: the sum of its bursts' planned lengths, and how much the lateness of those requests that
   * did not have to wait for a connection grew in each. In a closed loop the same as `activeMs`.
   */
  readonly sendingMs: number;
  /** Why the rest of its requests were not sent but recorded as timeouts; `null` if all were sent. */
  readonly gaveUp: string | null;
}

export interface PhaseResult {
  readonly arms: readonly ArmSamples[];
  readonly health: GeneratorHealth;
}

/** One generator process. It serves all arms of a block, so that all meet the same generator. */
export interface LoadGenerator {
  /** Runs a phase to its end, all answers drained. Rejects with a `load` TailgateError when a target is gone. */
  run(phase: Phase, signal?: AbortSignal, onProgress?: (ended: number) => void): Promise<PhaseResult>;
  /** Closes all connections to these targets, so that services can be stopped without resets. */
  disconnect(): Promise<void>;
  stop(): Promise<void>;
  readonly pid: number;
  /** Processors it was placed on; `null` where that was not asked for or not possible. */
  readonly processors: string | null;
}
