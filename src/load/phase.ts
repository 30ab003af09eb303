import type { GeneratorHealth } from "../model/block.js";
import type { Expectation, RequestPlan } from "../model/scenario-plan.js";
import type { Protocol } from "./driver.js";
import type { Session } from "./requests/session.js";
import type { ArmSamples } from "./samples/samples.js";

/** Where an arm listens. */
export interface Target {
  readonly arm: string;
  /** `127.0.0.1`, `::1`, the address of a service elsewhere, or for `tailgate load` any host. */
  readonly host: string;
  /** What requests and TLS call the host, where `host` is an address that it was resolved to. */
  readonly name?: string;
  readonly port: number;
  /** A socket file to connect to, instead of host and port. */
  readonly socketPath?: string | null;
  readonly tls: boolean;
  /** What it gave at login; left out where nobody logged in. */
  readonly session?: Session;
}

/** Requests have numbers, so that every target is sent the same rows, and no two phases of a run the same ones. */
export interface Numbering {
  /** Number of the phase's first request. */
  readonly first: number;
  /** Of the order of rows, of the parts of a mix, and of what is generated. */
  readonly seed: number;
}

/** Requests that make one sample, and what their last response must look like. */
export interface RequestSet {
  readonly requests: readonly RequestPlan[];
  readonly expect: Expectation;
  /** Name of the file whose rows fill in the requests, as `tables` calls it. */
  readonly data?: string;
}

/** What every request of a phase looks like. */
export interface RequestProfile extends RequestSet {
  readonly protocol: Protocol;
  /** Sets that are sent among one another by their weights; then the profile's own requests are not sent. */
  readonly mix?: readonly (RequestSet & { readonly weight: number })[];
  /** Where the files lie that the requests name, absolute; each is there and can be read. */
  readonly files?: Readonly<Record<string, string>>;
  /** Where the tables lie that `tabulate` made of the data files that the sets name. */
  readonly tables?: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly connection: "keep-alive" | "new";
  readonly timeoutMs: number;
}

/** Requests that the generator sends to its targets in turns. It gives back one `ArmSamples` per target. */
export type Phase = {
  readonly profile: RequestProfile;
  readonly targets: readonly Target[];
  /** Left out: from 0 on, by seed 1. */
  readonly numbering?: Numbering;
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

/** The sets of a profile: those of its mix, or the one that it is itself. */
export function setsOf(profile: RequestProfile): readonly RequestSet[] {
  return profile.mix ?? [profile];
}

/** One generator process. It serves all arms of a block, so that all meet the same generator. */
export interface LoadGenerator {
  /** Runs a phase to its end, until every response is back. Rejects with a `load` TailgateError when a target is gone. */
  run(phase: Phase, signal?: AbortSignal, onProgress?: (ended: number) => void): Promise<PhaseResult>;
  /**
   * Sends the requests of a profile once and gives what they captured and which cookies were set.
   *
   * @throws TailgateError "load" when a response is not as expected, with its status and the end of its body
   */
  logIn(target: Target, profile: RequestProfile, signal?: AbortSignal): Promise<Session>;
  /** Closes all connections to these targets, so that services can be stopped without resets. */
  disconnect(): Promise<void>;
  stop(): Promise<void>;
  readonly pid: number;
  /** Processors it was placed on; `null` where that was not asked for or not possible. */
  readonly processors: string | null;
}
