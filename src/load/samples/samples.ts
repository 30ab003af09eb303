import type { FailureReason } from "../../metrics/measurement.js";
import type { SteadyLoad } from "./steady-load.js";

/** How a request ended. The index in this list is its code in `ArmSamples.outcome`. */
export const OUTCOMES = ["ok", "status", "timeout", "connection", "body"] as const;
export type RequestOutcome = (typeof OUTCOMES)[number];

/** No status has this number; 0 is one of gRPC. */
export const NO_STATUS = 65_535;

/** How a request ended, and why it failed; `reason` is `null` for one that was served. */
export interface RequestEnding {
  readonly outcome: RequestOutcome;
  /** A few words: "404", "301 to /login", "it reset the connection". */
  readonly reason: string | null;
}

export const SERVED: RequestEnding = { outcome: "ok", reason: null };

/** What became of one request, or of one sequence of them. Made once, when it ends. */
export interface RequestResult extends RequestEnding {
  /** Its place in the order of intended starts. */
  readonly index: number;
  /** When the response was complete; for a timeout exactly the timeout after the start. */
  readonly doneUs: number;
  /** Status code of the (last) response; `NO_STATUS` where there was none. */
  readonly status: number;
  /** Bytes of all bodies as sent, without the protocol's framing. */
  readonly bytes: number;
}

/** Why a target's part of a phase was not worth going on with. */
export interface GaveUp {
  /** `silent`: nothing came back any more; `slow`: it responds, and cannot keep up. */
  readonly kind: "silent" | "slow";
  /** To follow its name: "it gave no response for 2.0 s". */
  readonly reason: string;
}

/**
 * Results of one target by columns, one entry a request in the order of intended start; times in microseconds since
 * the phase began.
 */
export interface ArmSamples {
  readonly arm: string;
  readonly intendedUs: Float64Array;
  /** When the request was written; NaN if it never was. */
  readonly sentUs: Float64Array;
  /**
   * Counted from the actual write where a connection was idle at the intended time, and from the intended time where all
   * were busy. So the service is charged for its queue (no coordinated omission), and not for our timer. NaN where the
   * request did not end.
   */
  readonly latencyUs: Float64Array;
  readonly status: Uint16Array;
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
   * Time this target was under load: the sum of its bursts, each from its start to its last response, and in an open
   * loop at least to the burst's planned end.
   */
  readonly activeMs: number;
  /**
   * Time it took to send: the planned lengths of the bursts, and what the lateness of requests that did not wait for a
   * connection grew by in each burst. In a closed loop the same as `activeMs`.
   */
  readonly sendingMs: number;
  /** What was served in full swing, where the loop was closed; `null` in an open one. */
  readonly steady: SteadyLoad | null;
  /** Why the rest of its requests were not sent but recorded as timeouts; `null` if all were sent. */
  readonly gaveUp: GaveUp | null;
  /** The most frequent first. */
  readonly reasons: readonly FailureReason[];
  /** The same of each part of a mix, in its order. */
  readonly reasonsOfParts?: readonly (readonly FailureReason[])[];
}
